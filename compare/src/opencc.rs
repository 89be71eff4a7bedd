//! OpenCC's C++ library, through the shim. The only unsafe code here.

use std::ffi::{c_char, c_int, c_void, CString};

use crate::peers::Convert;

extern "C" {
    fn opencc_shim_open(path: *const c_char) -> *mut c_void;
    fn opencc_shim_close(converter: *mut c_void);
    fn opencc_shim_convert(
        converter: *const c_void,
        text: *const c_char,
        length: usize,
        sink: extern "C" fn(*mut c_void, *const c_char, usize),
        user: *mut c_void,
    ) -> c_int;
}

/// An `opencc::SimpleConverter`, default options.
pub struct OpenCc(*mut c_void);

impl OpenCc {
    /// The converter of a config, if this OpenCC has it.
    pub fn open(config: &str) -> Option<OpenCc> {
        let path = format!("{}/{config}.json", env!("OPENCC_CONFIGS"));
        let path = CString::new(path).expect("paths hold no NUL");
        // SAFETY: the path is NUL-terminated and outlives the call.
        let converter = unsafe { opencc_shim_open(path.as_ptr()) };
        (!converter.is_null()).then_some(OpenCc(converter))
    }

    fn convert(
        &self,
        text: &str,
        sink: extern "C" fn(*mut c_void, *const c_char, usize),
        user: *mut c_void,
    ) {
        // SAFETY: the converter is open until it is dropped, and `text` and
        // what `user` points to outlive the call, which keeps neither.
        let done =
            unsafe { opencc_shim_convert(self.0, text.as_ptr().cast(), text.len(), sink, user) };
        assert_eq!(done, 1, "OpenCC refused a text");
    }
}

impl Drop for OpenCc {
    fn drop(&mut self) {
        // SAFETY: opened in `open`, closed only here.
        unsafe { opencc_shim_close(self.0) }
    }
}

extern "C" fn measure(user: *mut c_void, _: *const c_char, length: usize) {
    // SAFETY: `converted_len` passes a `usize` of its own frame.
    unsafe { *user.cast::<usize>() = length }
}

extern "C" fn collect(user: *mut c_void, text: *const c_char, length: usize) {
    // SAFETY: `converted` passes a `Vec<u8>` of its own frame, and OpenCC's
    // result is `length` bytes that live until this returns.
    unsafe {
        (*user.cast::<Vec<u8>>())
            .extend_from_slice(std::slice::from_raw_parts(text.cast(), length));
    }
}

impl Convert for OpenCc {
    fn converted_len(&self, text: &str) -> usize {
        let mut length = 0usize;
        self.convert(text, measure, (&raw mut length).cast());
        length
    }

    fn converted(&self, text: &str) -> String {
        let mut bytes: Vec<u8> = Vec::new();
        self.convert(text, collect, (&raw mut bytes).cast());
        String::from_utf8(bytes).expect("OpenCC gives UTF-8 for UTF-8")
    }
}
