//! Takes a value of a Parquet column and the column's type, gives it as JSON. Refuses nothing: what JSON can't say is said as it
//! can, numbers that are none (NaN, infinities) as null.
//!
//! | Parquet | JSON |
//! |---|---|
//! | string, enum, JSON | string |
//! | whole numbers, floating point, boolean | number, boolean |
//! | decimal | string of its digits |
//! | date, time | `"2024-05-03"`, `"09:30:00"` |
//! | timestamp | `"2024-05-03T09:30:00.25Z"`; without the `Z` where the file says that it is local time, or is INT96 |
//! | UUID | `"0a1b2c3d-…"` |
//! | other bytes | base64 |
//! | list, struct, map | array, object, object with the keys as strings |

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveTime};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::{Map, Number, Value};

/// `field`, of the type `kind`; where that is not known, what the field itself says has to do.
pub(super) fn json(field: Field, kind: Option<&Type>) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => value.into(),
        Field::Byte(value) => value.into(),
        Field::Short(value) => value.into(),
        Field::Int(value) => value.into(),
        Field::UByte(value) => value.into(),
        Field::UShort(value) => value.into(),
        Field::UInt(value) => value.into(),
        Field::ULong(value) => value.into(),
        Field::Long(value) => long(value, kind),
        Field::Float16(value) => f64::from(value).into(),
        // By way of its digits: 0.1 is 0.1, not what the nearest of the smaller numbers is in the larger ones.
        Field::Float(value) => value.to_string().parse().ok().and_then(Number::from_f64).into(),
        Field::Double(value) => value.into(),
        Field::Decimal(_) => field.to_string().trim_end_matches('.').into(),
        Field::Str(value) => value.into(),
        Field::Bytes(value) => bytes(&value, kind),
        Field::Date(days) => date(days),
        Field::TimeMillis(value) => time(i64::from(value).saturating_mul(1_000_000)).unwrap_or(value.into()),
        Field::TimeMicros(value) => time(value.saturating_mul(1_000)).unwrap_or(value.into()),
        Field::TimestampMillis(value) => DateTime::from_timestamp_millis(value).map_or(value.into(), |time| moment(time, kind)),
        Field::TimestampMicros(value) => DateTime::from_timestamp_micros(value).map_or(value.into(), |time| moment(time, kind)),
        Field::Group(row) => object(row, kind),
        Field::ListInternal(list) => {
            let element = kind.and_then(element);
            list.elements().iter().map(|value| json(value.clone(), element)).collect()
        }
        Field::MapInternal(map) => {
            let entry = |index| kind.and_then(|kind| child(child(kind, 0)?, index));
            let pairs = map.entries().iter().map(|(key, value)| (json(key.clone(), entry(0)), json(value.clone(), entry(1))));
            Value::Object(pairs.map(|(key, value)| (as_key(key), value)).collect())
        }
    }
}

fn long(value: i64, kind: Option<&Type>) -> Value {
    let time_of = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => value.checked_mul(1_000_000),
        TimeUnit::MICROS => value.checked_mul(1_000),
        TimeUnit::NANOS => Some(value),
    };
    let said = match logical(kind) {
        Some(LogicalType::Time(of)) => time_of(&of.unit).and_then(time),
        Some(LogicalType::Timestamp(of)) => match of.unit {
            TimeUnit::MILLIS => DateTime::from_timestamp_millis(value),
            TimeUnit::MICROS => DateTime::from_timestamp_micros(value),
            TimeUnit::NANOS => Some(DateTime::from_timestamp_nanos(value)),
        }
        .map(|time| moment(time, kind)),
        _ => None,
    };
    said.unwrap_or(value.into())
}

/// As ISO 8601 has it; what lies out of its years stays the number of days.
fn date(days: i32) -> Value {
    let midnight = DateTime::from_timestamp(i64::from(days) * 86_400, 0);
    midnight.map_or(days.into(), |midnight| midnight.format("%Y-%m-%d").to_string().into())
}

/// `nanoseconds` since midnight.
fn time(nanoseconds: i64) -> Option<Value> {
    let (seconds, rest) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds.try_into().ok()?, rest.try_into().ok()?)?;
    Some(time.format("%H:%M:%S%.f").to_string().into())
}

/// `time`, as a moment in UTC or as what a clock showed somewhere.
fn moment(time: DateTime<chrono::Utc>, kind: Option<&Type>) -> Value {
    let is_local = match logical(kind) {
        Some(LogicalType::Timestamp(of)) => !of.is_adjusted_to_u_t_c,
        _ => kind.is_some_and(|kind| kind.is_primitive() && kind.get_physical_type() == Physical::INT96),
    };
    let format = if is_local { "%Y-%m-%dT%H:%M:%S%.f" } else { "%Y-%m-%dT%H:%M:%S%.fZ" };
    time.format(format).to_string().into()
}

fn bytes(value: &ByteArray, kind: Option<&Type>) -> Value {
    let bytes = value.data();
    match (logical(kind), <[u8; 16]>::try_from(bytes)) {
        (Some(LogicalType::Uuid), Ok(bytes)) => {
            let digits = format!("{:032x}", u128::from_be_bytes(bytes));
            let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
            parts.join("-").into()
        }
        (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _) => {
            std::str::from_utf8(bytes).map_or_else(|_| BASE64_STANDARD.encode(bytes), str::to_owned).into()
        }
        _ => BASE64_STANDARD.encode(bytes).into(),
    }
}

fn object(row: Row, kind: Option<&Type>) -> Value {
    let fields = row.into_columns().into_iter().enumerate();
    let field = |(index, (name, value))| (name, json(value, kind.and_then(|kind| child(kind, index))));
    Value::Object(fields.map(field).collect::<Map<_, _>>())
}

/// A key as a JSON object has it.
fn as_key(key: Value) -> String {
    match key {
        Value::String(key) => key,
        other => other.to_string(),
    }
}

fn logical(kind: Option<&Type>) -> Option<&LogicalType> {
    kind?.get_basic_info().logical_type_ref()
}

fn child(kind: &Type, index: usize) -> Option<&Type> {
    if kind.is_primitive() { None } else { kind.get_fields().get(index).map(AsRef::as_ref) }
}

/// The type of a list's elements, by the rules for the lists of today and of old (LogicalTypes.md of the Parquet format).
fn element(list: &Type) -> Option<&Type> {
    if list.get_basic_info().converted_type() != ConvertedType::LIST {
        return Some(list);
    }
    let repeated = child(list, 0)?;
    let name = repeated.name();
    let is_element = repeated.is_primitive() || repeated.get_fields().len() > 1 || name == "array" || name.ends_with("_tuple");
    if is_element { Some(repeated) } else { child(repeated, 0) }
}
