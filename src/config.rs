//! Takes the arguments of `annotate`, gives what a run needs, checked and complete: defaults that depend on the machine filled
//! in, files that would be written looked at. Refuses what can't work whatever the input ([`ConfigError`]), and says where it
//! looked when there is no default model ([`ModelNotFound`]). Makes nothing.

use crate::cli;
use rolecall::read::ReadOptions;
use rolecall::recognise::model::{Device, ModelOptions, Precision};
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::output::{Destination, DestinationError};
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::{env, io};

/// All that `annotate` needs to know.
#[derive(Debug)]
pub struct Config {
    /// Files, folders, globs, `-`; never empty.
    pub inputs: Vec<String>,
    pub read: ReadOptions,
    pub output: Destination,
    /// Where refusals are listed.
    pub errors: Option<PathBuf>,
    pub fail_fast: bool,
    pub unit: OffsetUnit,
    pub min_score: f32,
    /// The model that was asked for; see [`model_folder`].
    pub model: Option<PathBuf>,
    pub model_options: ModelOptions,
    /// The rule file that was asked for.
    pub rules: Option<PathBuf>,
    pub workers: NonZeroUsize,
    pub progress: Show,
}

/// How progress is shown, decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    Bar,
    Plain,
    Nothing,
}

/// Why the arguments of `annotate` can't work.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("no input: name files, folders or globs, or '-' to read JSON lines from standard input")]
    NoInput,
    #[error(transparent)]
    Output(#[from] DestinationError),
    #[error("--errors takes a file; standard output is for results")]
    ErrorsToStandardOutput,
    #[error("{}: is needed for --output, and is --errors as well; name another file for one of them", .0.display())]
    OneFileForBoth(PathBuf),
}

/// Who looks at the two output streams.
#[derive(Clone, Copy, Debug)]
struct Terminals {
    output: bool,
    errors: bool,
}

impl Config {
    /// Checks `args` against each other and against the file system.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn new(args: cli::Annotate, global: &cli::Global) -> Result<Self, ConfigError> {
        let inputs = match args.inputs {
            inputs if !inputs.is_empty() => inputs,
            _ if io::stdin().is_terminal() => return Err(ConfigError::NoInput),
            _ => vec!["-".to_owned()],
        };
        let output = Destination::new(args.output.as_deref(), &inputs)?;
        let errors = match args.errors.as_deref().map(|errors| Destination::new(Some(errors), &inputs)).transpose()? {
            Some(Destination::Standard) => return Err(ConfigError::ErrorsToStandardOutput),
            Some(Destination::File { path, .. }) if output.makes(&path) => return Err(ConfigError::OneFileForBoth(path)),
            errors => errors.map(|errors| errors.name().to_owned()),
        };
        let terminals = Terminals {
            output: output == Destination::Standard && io::stdout().is_terminal(),
            errors: io::stderr().is_terminal(),
        };
        let defaults = ReadOptions::default();
        Ok(Self {
            inputs,
            read: ReadOptions {
                text_field: args.text_field,
                id_field: args.id_field,
                title_field: args.title_field,
                date_field: args.date_field,
                ..defaults
            },
            output,
            errors,
            fail_fast: args.fail_fast,
            unit: args.offsets.into(),
            min_score: args.min_score,
            model: args.model,
            model_options: model_options(args.precision, args.device, args.batch_tokens),
            rules: args.rules,
            workers: args.workers.unwrap_or_else(|| default_workers(args.device)),
            progress: if global.quiet { Show::Nothing } else { show(args.progress, terminals) },
        })
    }
}

/// One a core; one on a GPU, where more copies of the model only wait for each other.
fn default_workers(device: cli::Device) -> NonZeroUsize {
    match device {
        cli::Device::Cpu => available_parallelism().unwrap_or(NonZeroUsize::MIN),
        cli::Device::Cuda(_) => NonZeroUsize::MIN,
    }
}

/// A bar needs a terminal of its own: results on the same terminal would tear it, and lines of progress would tear the results.
fn show(asked: cli::Progress, terminals: Terminals) -> Show {
    match asked {
        cli::Progress::None => Show::Nothing,
        cli::Progress::Plain => Show::Plain,
        cli::Progress::Auto if terminals.errors && terminals.output => Show::Nothing,
        cli::Progress::Auto | cli::Progress::Bar if terminals.errors => Show::Bar,
        cli::Progress::Auto | cli::Progress::Bar => Show::Plain,
    }
}

/// Where a model lies below any of the folders that may hold one.
const DEFAULT_MODEL: &str = "models/rolecall-ner";

/// There is no default model in any of the places where it is looked for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "no model found; looked for config.json in{}\nname a model with --model DIR, or copy models/rolecall-ner of the checkout to the last of these places",
    .places.iter().map(|place| format!("\n  {}", place.display())).collect::<String>()
)]
pub struct ModelNotFound {
    places: Vec<PathBuf>,
}

/// The folder of the model: the one asked for, or the first place that holds the default.
///
/// # Errors
/// When none was asked for and no place holds one.
pub fn model_folder(asked: Option<&Path>) -> Result<PathBuf, ModelNotFound> {
    match asked {
        Some(folder) => Ok(folder.to_owned()),
        None => first_model(places(env::current_exe().ok().as_deref(), data_home().as_deref())),
    }
}

fn first_model(places: Vec<PathBuf>) -> Result<PathBuf, ModelNotFound> {
    match places.iter().find(|place| place.join("config.json").is_file()) {
        Some(place) => Ok(place.clone()),
        None => Err(ModelNotFound { places }),
    }
}

/// Where the default model is looked for, in order: beside the program, in the checkout it lies in, in the one it was built in,
/// in the data folder.
fn places(program: Option<&Path>, data_home: Option<&Path>) -> Vec<PathBuf> {
    let folders = program.into_iter().flat_map(|program| program.ancestors().skip(1));
    let checkouts = folders.clone().skip(1).filter(|folder| folder.join("Cargo.toml").is_file());
    let beside = folders.take(1).chain(checkouts).chain([Path::new(env!("CARGO_MANIFEST_DIR"))]);
    let mut places: Vec<PathBuf> = beside.map(|folder| folder.join(DEFAULT_MODEL)).collect();
    places.extend(data_home.map(|folder| folder.join("rolecall").join(DEFAULT_MODEL)));
    places.dedup();
    places
}

/// `$XDG_DATA_HOME`, or its default (XDG Base Directory Specification, which ignores relative paths).
fn data_home() -> Option<PathBuf> {
    let set = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    set.or_else(|| env::home_dir().map(|home| home.join(".local/share")))
}

fn model_options(precision: cli::Precision, device: cli::Device, batch_tokens: Option<NonZeroUsize>) -> ModelOptions {
    let defaults = ModelOptions::default();
    ModelOptions {
        precision: match precision {
            cli::Precision::Auto => Precision::Auto,
            cli::Precision::Bf16 => Precision::Bf16,
            cli::Precision::F32 => Precision::F32,
        },
        device: match device {
            cli::Device::Cpu => Device::Cpu,
            cli::Device::Cuda(number) => Device::Cuda(number),
        },
        batch_tokens: batch_tokens.map_or(defaults.batch_tokens, NonZeroUsize::get),
        ..defaults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::fs;

    fn config(words: &[&str]) -> Result<Config, ConfigError> {
        let cli = cli::Cli::parse_from(["rolecall", "annotate"].iter().chain(words));
        match cli.command {
            cli::Command::Annotate(args) => Config::new(*args, &cli.global),
            other => panic!("expected annotate, found {other:?}"),
        }
    }

    #[test]
    fn what_would_be_overwritten_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("a.jsonl");
        fs::write(&input, "").unwrap();
        let (input, glob) = (input.to_str().unwrap(), folder.path().join("*.jsonl"));
        let glob = glob.to_str().unwrap();
        for words in [["-o", input], ["--errors", input]] {
            for named in [input, glob] {
                let refused = config(&[named, words[0], words[1]]);
                assert!(matches!(refused, Err(ConfigError::Output(DestinationError::IsInput { .. }))), "{refused:?}");
            }
        }
        let new = folder.path().join("new.jsonl");
        let new = new.to_str().unwrap();
        let (part, other_way) = (format!("{new}.part"), new.replace("/new.jsonl", "/./new.jsonl"));
        for errors in [new, &part, &other_way] {
            let refused = config(&[input, "-o", new, "--errors", errors]);
            assert!(matches!(refused, Err(ConfigError::OneFileForBoth(_))), "{errors}: {refused:?}");
        }
        assert!(matches!(config(&[input, "--errors", "-"]), Err(ConfigError::ErrorsToStandardOutput)));
        assert!(config(&[input, "-o", new]).is_ok());
    }

    #[test]
    fn a_bar_needs_a_terminal_without_results() {
        let on = |errors, output| Terminals { output, errors };
        assert_eq!(show(cli::Progress::Auto, on(true, false)), Show::Bar);
        assert_eq!(show(cli::Progress::Auto, on(true, true)), Show::Nothing);
        assert_eq!(show(cli::Progress::Auto, on(false, false)), Show::Plain);
        assert_eq!(show(cli::Progress::Bar, on(false, false)), Show::Plain);
        assert_eq!(show(cli::Progress::Plain, on(true, true)), Show::Plain);
    }

    #[test]
    fn the_model_is_found_beside_the_program_in_its_checkout_or_in_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("checkout/target/release/rolecall");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(folder.path().join("checkout/Cargo.toml"), "").unwrap();
        let data = folder.path().join("data");
        let mut places = places(Some(&program), Some(&data));
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join(DEFAULT_MODEL);
        let expected = ["checkout/target/release", "checkout"].map(|place| folder.path().join(place).join(DEFAULT_MODEL));
        assert_eq!(places[..2], expected);
        assert_eq!(places[2..], [built_in, data.join("rolecall").join(DEFAULT_MODEL)]);

        places.remove(2);
        let error = first_model(places.clone()).unwrap_err();
        for place in &places {
            assert!(error.to_string().contains(&place.display().to_string()), "{error}");
        }
        for place in places.iter().rev() {
            fs::create_dir_all(place).unwrap();
            fs::write(place.join("config.json"), "{}").unwrap();
            assert_eq!(first_model(places.clone()).as_ref(), Ok(place));
        }
    }
}
