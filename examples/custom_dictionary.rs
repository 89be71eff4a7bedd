//! Lays words of one's own over a config: `custom_dictionary CONFIG WORDS < in.txt > out.txt`,
//! where WORDS is a file in OpenCC's text format.

use std::error::Error;
use std::io::{self, Write};

use zhnorm::{Config, Converter, Table};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(config), Some(words)) = (arguments.next(), arguments.next()) else {
        return Err("usage: custom_dictionary CONFIG WORDS < INPUT > OUTPUT".into());
    };
    let config: Config = config.parse()?;
    let words = Table::from_text_file(words)?;
    let converter = Converter::builder(config).words(words).build();

    let mut output = io::stdout().lock();
    zhnorm::io::copy(&converter, io::stdin().lock(), &mut output)?;
    output.flush()?;
    Ok(())
}
