//! Takes a request, lets it pass or refuses it: one without the token, one for another host (a name that a stranger's page has made
//! lead here), and a decision that another page sends. Gives every answer the headers that keep a browser from doing more than it
//! should.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a page of this server may do: load its own scripts, styles and data, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The headers of every answer.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Who is let in.
#[derive(Clone, Debug)]
pub(super) struct Guard(Arc<Known>);

#[derive(Debug)]
struct Known {
    token: String,
    hosts: [String; 2],
}

impl Guard {
    pub(super) fn new(token: &str, port: u16) -> Self {
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        Self(Arc::new(Known { token: token.to_owned(), hosts }))
    }

    /// Why a request is refused.
    fn fault(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str> {
        let Known { token, hosts } = &*self.0;
        let of = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = of(header::HOST).filter(|host| hosts.iter().any(|known| known == host));
        let given = path.split('/').nth(1).unwrap_or_default();
        if host.is_none() {
            Some("expected a request to this machine's own address, found another host")
        } else if !same(given, token) {
            Some("expected the token of this session in the address; open the address that `rolecall review` has printed")
        } else if method != Method::GET
            && method != Method::HEAD
            && of(header::ORIGIN) != host.map(|host| format!("http://{host}")).as_deref()
        {
            Some("expected a decision from the page of this server, found one from elsewhere")
        } else {
            None
        }
    }
}

/// Whether the two are the same; takes as long wherever they differ.
fn same(given: &str, token: &str) -> bool {
    let differing = given.bytes().zip(token.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b));
    given.len() == token.len() && differing == 0
}

/// Lets a request pass, or answers it with why not.
pub(super) async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.fault(request.method(), request.uri().path(), request.headers()) {
        Some(fault) => (StatusCode::FORBIDDEN, fault).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn passes(method: Method, path: &str, headers: &[(HeaderName, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        Guard::new(TOKEN, 4321).fault(&method, path, &headers).is_none()
    }

    #[test]
    fn who_has_the_token_and_the_address_may_read() {
        let here = [(header::HOST, "127.0.0.1:4321")];
        assert!(passes(Method::GET, "/0123456789abcdef/", &here));
        assert!(passes(Method::GET, "/0123456789abcdef/api/session", &[(header::HOST, "localhost:4321")]));
        for path in ["/", "", "/0123456789abcdee/", "/0123456789abcde/", "/0123456789abcdef0/", "/x/0123456789abcdef/"] {
            assert!(!passes(Method::GET, path, &here), "{path}");
        }
        for host in ["127.0.0.1", "127.0.0.1:80", "evil.example:4321", "127.0.0.1.evil.example:4321", "[::1]:4321"] {
            assert!(!passes(Method::GET, "/0123456789abcdef/", &[(header::HOST, host)]), "{host}");
        }
        assert!(!passes(Method::GET, "/0123456789abcdef/", &[]));
    }

    #[test]
    fn only_the_page_itself_may_write() {
        let path = "/0123456789abcdef/api/articles/1";
        let from = |origin| passes(Method::POST, path, &[(header::HOST, "127.0.0.1:4321"), (header::ORIGIN, origin)]);
        assert!(from("http://127.0.0.1:4321"));
        for origin in ["http://localhost:4321", "https://127.0.0.1:4321", "http://127.0.0.1", "null", "http://evil.example", ""] {
            assert!(!from(origin), "{origin}");
        }
        assert!(!passes(Method::POST, path, &[(header::HOST, "127.0.0.1:4321")]));
        assert!(!passes(Method::DELETE, path, &[(header::HOST, "127.0.0.1:4321")]));
    }
}
