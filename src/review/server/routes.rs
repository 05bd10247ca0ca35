//! Takes a request that the guard let pass, asks the desk, gives JSON or one of the page's files. Refuses what is no such request
//! with a message that the page can show.

use super::files::File;
use super::guard::{self, Guard};
use super::view::{Article, Item, Queue, Refused, Session, Step};
use crate::review::Status;
use crate::review::decision::Decision;
use crate::review::desk::{Desk, DeskError, Ends};
use crate::review::shelf::{Facet, Order, Wanted};
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde::Deserialize;
use std::sync::Arc;

/// The most articles of the queue that are sent at once.
const MOST: usize = 500;

pub(super) fn router(desk: Arc<Desk>, guard: Guard) -> Router {
    // The guard has seen the token; it is passed over here.
    Router::new()
        .route("/{token}/", get(|| file(String::new())))
        .route("/{token}/{file}", get(|Path((_, name)): Path<(String, String)>| file(name)))
        .route("/{token}/api/session", get(session))
        .route("/{token}/api/queue", get(queue))
        .route("/{token}/api/step", get(step))
        .route("/{token}/api/find", get(find))
        .route("/{token}/api/articles/{number}", get(article).post(decide))
        .with_state(desk)
        .layer(middleware::from_fn_with_state(guard, guard::check))
}

async fn file(name: String) -> Response {
    match File::named(&name) {
        Some(file) => ([(header::CONTENT_TYPE, file.kind())], file.content).into_response(),
        None => fault(StatusCode::NOT_FOUND, format!("there is no file '{name}' here")).into_response(),
    }
}

/// An answer that is not what was asked for.
struct Fault {
    status: StatusCode,
    refused: Refused,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (self.status, Json(self.refused)).into_response()
    }
}

fn fault(status: StatusCode, message: String) -> Fault {
    Fault { status, refused: Refused { message, article: None } }
}

/// Runs what reads or writes files where it holds up nobody else.
async fn working<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let failed = |_| fault(StatusCode::INTERNAL_SERVER_ERROR, "rolecall failed at this; please report it as a bug".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(failed)
}

async fn session(State(desk): State<Arc<Desk>>) -> Result<Json<Session>, Fault> {
    Ok(Json(working(move || Session::of(&desk)).await?))
}

/// Which articles are asked for, and which part of them.
#[derive(Deserialize)]
struct Asked {
    order: Option<String>,
    status: Option<String>,
    role: Option<String>,
    rule: Option<String>,
    warning: Option<String>,
    why: Option<String>,
    label: Option<String>,
    below: Option<f32>,
    text: Option<String>,
    from: Option<usize>,
    count: Option<usize>,
    by: Option<i64>,
}

impl Asked {
    fn wanted(&self) -> Result<Wanted, Fault> {
        let wrong = |what: &str| fault(StatusCode::BAD_REQUEST, format!("no such {what}"));
        let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let order = match given(&self.order).as_deref() {
            None | Some("doubt") => Order::Doubt,
            Some("file") => Order::File,
            Some(_) => return Err(wrong("order")),
        };
        let status = match given(&self.status).as_deref() {
            None | Some("any") => None,
            Some("undecided") => Some(Status::Undecided),
            Some("accepted") => Some(Status::Accepted),
            Some("rejected") => Some(Status::Rejected),
            Some("skipped") => Some(Status::Skipped),
            Some("stale") => Some(Status::Stale),
            Some(_) => return Err(wrong("status")),
        };
        let facets = [
            (Facet::Role, &self.role),
            (Facet::Rule, &self.rule),
            (Facet::Warning, &self.warning),
            (Facet::Why, &self.why),
            (Facet::Label, &self.label),
        ];
        Ok(Wanted {
            order,
            status,
            facets: facets.into_iter().filter_map(|(facet, value)| Some((facet, given(value)?))).collect(),
            below: self.below,
            words: self.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect(),
        })
    }
}

type Question = Result<Query<Asked>, QueryRejection>;

fn asked(question: Question) -> Result<Asked, Fault> {
    question.map(|Query(asked)| asked).map_err(|error| fault(StatusCode::BAD_REQUEST, error.body_text()))
}

async fn queue(State(desk): State<Arc<Desk>>, question: Question) -> Result<Json<Queue>, Fault> {
    let asked = asked(question)?;
    let wanted = asked.wanted()?;
    let (from, count) = (asked.from.unwrap_or(0), asked.count.unwrap_or(50).min(MOST));
    let work = move || {
        let list = desk.list(&wanted);
        let items = list.iter().skip(from).take(count).map(|&place| Item::of(&desk, place)).collect();
        Queue { total: list.len(), from, items }
    };
    Ok(Json(working(work).await?))
}

async fn step(State(desk): State<Arc<Desk>>, question: Question) -> Result<Json<Step>, Fault> {
    let asked = asked(question)?;
    let wanted = asked.wanted()?;
    let work = move || {
        let (number, position, total) = desk.step(&wanted, asked.from, asked.by.unwrap_or(1) >= 0);
        Step { number, position, total }
    };
    Ok(Json(working(work).await?))
}

#[derive(Deserialize)]
struct Sought {
    id: String,
}

async fn find(
    State(desk): State<Arc<Desk>>,
    sought: Result<Query<Sought>, QueryRejection>,
) -> Result<Json<serde_json::Value>, Fault> {
    let Query(Sought { id }) = sought.map_err(|error| fault(StatusCode::BAD_REQUEST, error.body_text()))?;
    Ok(Json(serde_json::json!({"number": desk.shelf().place(&id)})))
}

async fn article(State(desk): State<Arc<Desk>>, Path((_, number)): Path<(String, usize)>) -> Result<Json<Article>, Fault> {
    answered(working(move || desk.article(number).map(Article::of)).await?)
}

/// A decision, and the version of the article that it was made on.
#[derive(Deserialize)]
struct Decided {
    version: String,
    decision: Decision<Ends>,
}

async fn decide(
    State(desk): State<Arc<Desk>>,
    Path((_, number)): Path<(String, usize)>,
    decided: Result<Json<Decided>, JsonRejection>,
) -> Result<Json<Article>, Fault> {
    let Json(Decided { version, decision }) =
        decided.map_err(|error| fault(StatusCode::UNPROCESSABLE_ENTITY, error.body_text()))?;
    answered(working(move || desk.decide(number, &version, &decision).map(Article::of)).await?)
}

fn answered(result: Result<Article, DeskError>) -> Result<Json<Article>, Fault> {
    result.map(Json).map_err(|error| {
        let message = error.to_string();
        let (status, article) = match error {
            DeskError::NoArticle(_) => (StatusCode::NOT_FOUND, None),
            DeskError::Outdated(open) => (StatusCode::CONFLICT, Some(Box::new(Article::of(*open)))),
            DeskError::Senseless(_) | DeskError::Unchanged => (StatusCode::UNPROCESSABLE_ENTITY, None),
            DeskError::Shelf(_) | DeskError::Answers(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        Fault { status, refused: Refused { message, article } }
    })
}
