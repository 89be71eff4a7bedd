//! [`Forms`]: what a fold can leave in or out.

/// Groups of forms that a [`Fold`](crate::fold::Fold) can leave in or out.
///
/// Always folded are the forms of Simplified and Traditional Chinese, of Taiwan and of Hong Kong, compatibility
/// ideographs, and radicals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Forms {
    /// Rare forms that stand for one character wherever they are: 㑹 for 会, 囬 for 回, 鐡 for 铁. Folded unless left
    /// out.
    Variants,
    /// Japan's forms: 発, 対 and 鉄 for 发, 对 and 铁. Folded unless left out. Where Chinese has the same character
    /// for something else (欠, 予, 芸, 弁) it stays in any case.
    Japanese,
    /// Full-width letters and digits for ASCII, half-width katakana for full; left out unless asked for. Punctuation
    /// stays as it is: ， is the comma of Chinese text, not a wide Latin one. A half-width voicing mark stays, too, so
    /// ｶﾞ becomes カﾞ and not ガ. With them prose is folded at a fifteenth of the speed, for at each ， it is asked whether
    /// it is such a form.
    Width,
}

impl Forms {
    /// All groups.
    pub(crate) const ALL: [Forms; 3] = [Forms::Variants, Forms::Japanese, Forms::Width];

    /// Its bit in a set of groups.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}
