//! The one list of what the server answers to. Whatever is served is added here, by path and method, so that the table
//! of who may ask what (`tests/http/table.rs`) can be held against all of it: axum's own router is used nowhere else
//! (`clippy.toml`).

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::MethodRouter;

/// A path and the one method by which it is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// As it is written for the router: `/patienten/{id}`.
    pub path: String,
    /// `GET`, `POST`, or `ANY` where a handler tells methods apart itself.
    pub method: &'static str,
}

/// What answers at one path, by method.
#[derive(Clone)]
pub struct Methods {
    answers: MethodRouter<App>,
    names: Vec<&'static str>,
}

/// Answers `GET`, and with it `HEAD`.
pub fn get<T: 'static>(handler: impl Handler<T, App>) -> Methods {
    Methods { answers: axum::routing::get(handler), names: vec!["GET"] }
}

/// Answers `POST`.
pub fn post<T: 'static>(handler: impl Handler<T, App>) -> Methods {
    Methods { answers: axum::routing::post(handler), names: vec!["POST"] }
}

/// Answers whatever the method is; the handler tells them apart.
pub fn any<T: 'static>(handler: impl Handler<T, App>) -> Methods {
    Methods { answers: axum::routing::any(handler), names: vec!["ANY"] }
}

impl Methods {
    /// Answers `POST` too.
    pub fn post<T: 'static>(mut self, handler: impl Handler<T, App>) -> Self {
        self.answers = self.answers.post(handler);
        self.names.push("POST");
        self
    }

    /// Takes bodies of at most this many bytes.
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.answers = self.answers.layer(DefaultBodyLimit::max(bytes));
        self
    }
}

/// Routes, and the list of them.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<Route>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a path with what answers there.
    #[expect(clippy::disallowed_methods, reason = "the one place that adds routes")]
    pub fn route(mut self, path: &str, methods: Methods) -> Self {
        self.list.extend(methods.names.iter().map(|method| Route { path: path.to_owned(), method }));
        self.router = self.router.route(path, methods.answers);
        self
    }

    /// Adds the routes of another room.
    #[expect(clippy::disallowed_methods, reason = "the one place that adds routes")]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// Answers paths that are there for another method.
    pub fn otherwise<T: 'static>(mut self, handler: impl Handler<T, App>) -> Self {
        self.router = self.router.method_not_allowed_fallback(handler);
        self
    }

    /// The list, by path.
    pub fn list(&self) -> Vec<Route> {
        let mut list = self.list.clone();
        list.sort();
        list
    }

    /// What serves them.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}
