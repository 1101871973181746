// Node's `ws`, the way its own documentation broadcasts: the frame is encoded once per recipient by the library. A POST publishes.
// NODE_PATH names where Debian keeps the package. `--tls CERTIFICATE KEY` encrypts. Prints `listening on http://127.0.0.1:PORT`.
const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocketServer, WebSocket } = require("ws");

const topics = new Map();
const tls = process.argv.indexOf("--tls");
const answer = (request, response) => {
  const topic = new URL(request.url, "http://localhost").searchParams.get("id");
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const text = Buffer.concat(parts);
    for (const watcher of topics.get(topic) ?? []) {
      if (watcher.readyState === WebSocket.OPEN) watcher.send(text, { binary: false });
    }
    response.writeHead(201, { "Content-Length": "2" });
    response.end("{}");
  });
};
const server =
  tls < 0
    ? http.createServer(answer)
    : https.createServer({ cert: fs.readFileSync(process.argv[tls + 1]), key: fs.readFileSync(process.argv[tls + 2]) }, answer);
const watchers = new WebSocketServer({ server, perMessageDeflate: process.argv.includes("--deflate") });
watchers.on("connection", (watcher, request) => {
  const topic = new URL(request.url, "http://localhost").searchParams.get("id");
  if (!topics.has(topic)) topics.set(topic, new Set());
  topics.get(topic).add(watcher);
  watcher.on("close", () => topics.get(topic).delete(watcher));
});
server.keepAliveTimeout = 0;
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
