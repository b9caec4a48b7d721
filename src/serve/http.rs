//! HTTP/1.1 on a socket, around the engine.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::engine::{Engine, Reply};

/// No request of a reader is longer.
const LONGEST_REQUEST: usize = 1 << 20;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Serves connections until it is dropped, and all of them with it.
pub(super) async fn listen(listener: TcpListener, engine: Arc<Engine>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // The connection broke before it began, or there are too many: a moment later it may go better.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let _ = stream.set_nodelay(true);
                let engine = engine.clone();
                connections.spawn(async move {
                    let service = service_fn(|request| respond(&engine, request));
                    // A connection that breaks is the client's affair.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn respond(engine: &Engine, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let reply = match Limited::new(body, LONGEST_REQUEST).collect().await {
        Ok(body) => engine.reply(&head, &body.to_bytes()).await,
        Err(_) => Reply::new(413, "text/plain", "the request is too long\n"),
    };
    Ok(response(reply))
}

fn response(reply: Reply) -> Response<Body> {
    let length = reply.body.len();
    let body = if reply.cut { half(Bytes::from(reply.body)) } else { whole(Bytes::from(reply.body)) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// A body that breaks in the middle. The pause lets the first half out.
fn half(bytes: Bytes) -> Body {
    let frames = stream::unfold(Some(bytes), |bytes| async move {
        match bytes {
            Some(bytes) if !bytes.is_empty() => {
                let first = bytes.slice(..bytes.len() / 2);
                Some((Ok(Frame::data(first)), Some(Bytes::new())))
            }
            Some(_) => {
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
            None => None,
        }
    });
    StreamBody::new(frames).boxed_unsync()
}
