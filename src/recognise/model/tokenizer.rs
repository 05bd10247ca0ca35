//! Takes a model folder's tokenizer files and then texts, gives wordpieces with their exact bytes in the text. Refuses files
//! that make no tokenizer, and a tokenizer with ids that the model's embedding lacks.
//!
//! `tokenizer.json` is taken as it is, except that truncation and padding are cleared (windows and batches are made here) and
//! that the names of special tokens, written in an article, are read as text. Without it, `vocab.txt` (WordPiece) or `vocab.json`
//! and `merges.txt` (byte-level BPE) are read with the settings of `tokenizer_config.json` that change what is encoded.

use super::config::{Family, ModelConfig, Source};
use super::error::{ModelError, read};
use std::path::{Path, PathBuf};
use tokenizers::Tokenizer;
use tokenizers::models::bpe::BPE;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::bert::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::roberta::RobertaProcessing;

/// The wordpieces of a text, without special ones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Pieces {
    pub ids: Vec<u32>,
    /// Where each stands in the text, in bytes, without white space at the ends; empty for a piece of white space only.
    pub spans: Vec<(usize, usize)>,
}

/// A tokenizer, with what it puts around a text.
pub(super) struct TextEncoder {
    tokenizer: Tokenizer,
    /// The special wordpieces before a text (`[CLS]`, `<s>`).
    pub before: Vec<u32>,
    /// The special wordpieces after a text (`[SEP]`, `</s>`).
    pub after: Vec<u32>,
    /// The files that it was made of.
    pub files: Vec<PathBuf>,
}

impl TextEncoder {
    /// Loads the tokenizer of the model folder `dir`.
    pub fn open(dir: &Path, config: &ModelConfig) -> Result<Self, ModelError> {
        let (mut tokenizer, files) = load(dir, config.family)?;
        let refuse = |message: String| ModelError::Tokenizer { path: files[0].clone(), message };
        tokenizer.with_truncation(None).map_err(|error| refuse(error.to_string()))?;
        tokenizer.with_padding(None);
        tokenizer.set_encode_special_tokens(true);
        let highest = tokenizer.get_vocab(true).into_values().max().ok_or_else(|| refuse("no vocabulary".to_owned()))?;
        if i64::from(highest) >= config.vocab_size {
            return Err(ModelError::Vocabulary { path: files[0].clone(), highest, vocab_size: config.vocab_size });
        }
        let framed = tokenizer.encode("a", true).map_err(|error| refuse(error.to_string()))?;
        let special = framed.get_special_tokens_mask();
        let lead = special.iter().take_while(|&&flag| flag == 1).count();
        let tail = if lead == special.len() {
            lead
        } else {
            special.len() - special.iter().rev().take_while(|&&flag| flag == 1).count()
        };
        let (before, after) = (framed.get_ids()[..lead].to_vec(), framed.get_ids()[tail..].to_vec());
        Ok(Self { tokenizer, before, after, files })
    }

    /// How many special wordpieces are put around a text.
    pub fn specials(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// The wordpieces of `text[start..end]`, with places in `text`.
    ///
    /// # Errors
    /// What the tokenizer says when it can't encode (a vocabulary without its token for what is unknown).
    pub fn encode(&self, text: &str, (start, end): (usize, usize), pieces: &mut Pieces) -> Result<(), String> {
        let encoding = self.tokenizer.encode(&text[start..end], false).map_err(|error| error.to_string())?;
        pieces.ids.extend_from_slice(encoding.get_ids());
        pieces.spans.extend(encoding.get_offsets().iter().map(|&(from, to)| trimmed(text, start + from, start + to)));
        Ok(())
    }
}

/// A stretch widened to whole characters (a byte-level piece may be part of one), without white space at its ends.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let start = (0..=start.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let end = (end.min(text.len()).max(start)..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let slice = &text[start..end];
    let left = start + (slice.len() - slice.trim_start().len());
    (left, left + slice.trim().len())
}

fn load(dir: &Path, family: Family) -> Result<(Tokenizer, Vec<PathBuf>), ModelError> {
    let json = dir.join("tokenizer.json");
    let (vocab_txt, vocab_json) = (dir.join("vocab.txt"), dir.join("vocab.json"));
    match family {
        _ if json.exists() => {
            let bytes = read(&json, "tokenizer.json")?;
            let tokenizer = Tokenizer::from_bytes(bytes)
                .map_err(|error| ModelError::Tokenizer { path: json.clone(), message: error.to_string() })?;
            Ok((tokenizer, vec![json]))
        }
        Family::Bert | Family::DistilBert | Family::Electra if vocab_txt.exists() => wordpiece(dir, vocab_txt),
        Family::Roberta if vocab_json.exists() => byte_level(dir, vocab_json),
        Family::Bert | Family::DistilBert | Family::Electra => {
            Err(ModelError::Missing { path: json, expected: "tokenizer.json or vocab.txt" })
        }
        Family::Roberta => Err(ModelError::Missing { path: json, expected: "tokenizer.json, or vocab.json and merges.txt" }),
        Family::XlmRoberta => Err(ModelError::Missing { path: json, expected: "tokenizer.json" }),
    }
}

/// BERT's tokenizer, as transformers' `BertTokenizer` makes it of a vocabulary.
fn wordpiece(dir: &Path, path: PathBuf) -> Result<(Tokenizer, Vec<PathBuf>), ModelError> {
    let settings = Settings::open(dir)?;
    let refuse = |message: String| ModelError::Tokenizer { path: path.clone(), message };
    let vocab = WordPiece::read_bytes(&read(&path, "vocab.txt")?).map_err(|error| refuse(error.to_string()))?;
    let model = WordPiece::builder().vocab(vocab).unk_token(settings.token("unk_token", "[UNK]")?).build();
    let mut tokenizer = Tokenizer::new(model.map_err(|error| refuse(error.to_string()))?);
    let lowercase = settings.flag("do_lower_case")?.unwrap_or(true);
    let chinese = settings.flag("tokenize_chinese_chars")?.unwrap_or(true);
    let normalizer = BertNormalizer::new(true, chinese, settings.flag("strip_accents")?, lowercase);
    tokenizer.with_normalizer(Some(normalizer)).map_err(|error| refuse(error.to_string()))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    let named = |key, default| settings.special(&tokenizer, &path, key, default);
    named("unk_token", "[UNK]")?;
    let frame = BertProcessing::new(named("sep_token", "[SEP]")?, named("cls_token", "[CLS]")?);
    tokenizer.with_post_processor(Some(frame));
    Ok((tokenizer, settings.files(vec![path])))
}

/// RoBERTa's tokenizer, as transformers' `RobertaTokenizer` makes it of a vocabulary and merges.
fn byte_level(dir: &Path, path: PathBuf) -> Result<(Tokenizer, Vec<PathBuf>), ModelError> {
    let settings = Settings::open(dir)?;
    let merges = dir.join("merges.txt");
    if !merges.exists() {
        return Err(ModelError::Missing { path: merges, expected: "merges.txt beside vocab.json" });
    }
    let refuse = |message: String| ModelError::Tokenizer { path: path.clone(), message };
    let name = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| refuse("the folder's name is not UTF-8".to_owned()));
    let model = BPE::from_file(&name(&path)?, &name(&merges)?).build().map_err(|error| refuse(error.to_string()))?;
    let mut tokenizer = Tokenizer::new(model);
    let spaced = settings.flag("add_prefix_space")?.unwrap_or(false);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(spaced, true, true)));
    let named = |key, default| settings.special(&tokenizer, &path, key, default);
    let (sep, cls) = (named("sep_token", "</s>")?, named("cls_token", "<s>")?);
    tokenizer.with_post_processor(Some(RobertaProcessing::new(sep, cls).trim_offsets(true).add_prefix_space(spaced)));
    Ok((tokenizer, settings.files(vec![path, merges])))
}

/// `tokenizer_config.json`, which a folder may lack.
struct Settings {
    path: PathBuf,
    source: Option<Source>,
}

impl Settings {
    fn open(dir: &Path) -> Result<Self, ModelError> {
        let path = dir.join("tokenizer_config.json");
        let source = path.exists().then(|| Source::open(path.clone(), "tokenizer_config.json")).transpose()?;
        Ok(Self { path, source })
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, ModelError> {
        self.source.as_ref().map_or(Ok(None), |source| source.flag(key))
    }

    /// The text of a special token, which may be a string or an object.
    fn token(&self, key: &str, default: &str) -> Result<String, ModelError> {
        let Some((source, value)) = self.source.as_ref().and_then(|source| Some((source, source.get(key)?))) else {
            return Ok(default.to_owned());
        };
        let text = value.as_str().or_else(|| value.get("content")?.as_str());
        text.map(str::to_owned).ok_or_else(|| source.bad(key, "a token", value))
    }

    fn special(&self, tokenizer: &Tokenizer, vocab: &Path, key: &str, default: &str) -> Result<(String, u32), ModelError> {
        let token = self.token(key, default)?;
        let lacking =
            || ModelError::Tokenizer { path: vocab.to_owned(), message: format!("{key} `{token}` is not in the vocabulary") };
        let id = tokenizer.token_to_id(&token).ok_or_else(lacking)?;
        Ok((token, id))
    }

    fn files(self, mut vocabulary: Vec<PathBuf>) -> Vec<PathBuf> {
        vocabulary.extend(self.source.map(|_| self.path));
        vocabulary
    }
}
