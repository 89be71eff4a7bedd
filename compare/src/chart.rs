//! A chart of speeds as an SVG picture: a bar for each converter on each text.

use std::fmt::Write as _;

/// The converters on one text.
pub struct Group {
    /// Config and text.
    pub label: String,
    /// MB/s of each converter, in their order; none where it lacks the config.
    pub speeds: Vec<Option<f64>>,
}

const COLOURS: [&str; 5] = ["#2f6f4f", "#7aa5c9", "#c9b27a", "#b98a8a", "#9a9a9a"];
const WIDTH: f64 = 760.0;
/// Where bars begin and how long the longest is.
const LEFT: f64 = 190.0;
const LONGEST: f64 = 490.0;
const BAR: f64 = 13.0;
const GAP: f64 = 12.0;
/// Above the bars stands which colour is whose.
const HEAD: f64 = 34.0;

/// The picture; `names` are the converters'.
pub fn svg(names: &[&str], groups: &[Group]) -> String {
    let most = groups
        .iter()
        .flat_map(|group| group.speeds.iter().flatten());
    let most = most.fold(1.0_f64, |most, &speed| most.max(speed));
    let height = |group: &Group| group.speeds.iter().flatten().count() as f64 * BAR + GAP;
    let total = HEAD + groups.iter().map(height).sum::<f64>() + 8.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {total:.0}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{total:.0}\" fill=\"#ffffff\"/>\n"
    );
    let colour = |number: usize| COLOURS[number % COLOURS.len()];
    let mut put = |text: std::fmt::Arguments<'_>| out.write_fmt(text).expect("memory");
    for (number, name) in names.iter().enumerate() {
        let x = LEFT + 140.0 * number as f64;
        put(format_args!(
            "<rect x=\"{x}\" y=\"10\" width=\"11\" height=\"11\" fill=\"{}\"/><text x=\"{}\" y=\"20\">{name}</text>\n",
            colour(number),
            x + 16.0
        ));
    }
    put(format_args!(
        "<text x=\"8\" y=\"20\" fill=\"#555\">MB/s, one thread</text>\n"
    ));
    let mut y = HEAD;
    for group in groups {
        put(format_args!(
            "<text x=\"8\" y=\"{:.1}\">{}</text>\n",
            y + 11.0,
            group.label
        ));
        for (number, speed) in group.speeds.iter().enumerate() {
            let Some(speed) = speed else { continue };
            let width = (speed / most * LONGEST).max(1.0);
            put(format_args!(
                "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\">{}</text>\n",
                BAR - 2.0,
                colour(number),
                LEFT + width + 5.0,
                y + 10.0,
                if *speed < 10.0 { format!("{speed:.1}") } else { format!("{speed:.0}") },
            ));
            y += BAR;
        }
        y += GAP;
    }
    out.push_str("</svg>\n");
    out
}
