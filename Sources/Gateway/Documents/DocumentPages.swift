import Core
import Foundation
import HTTPTypes
import NIOCore

/// `/openapi.json`, and Swagger UI at `/docs` that shows it. Nothing comes from another host: the assets are files on this machine, read
/// once at start under names that are fixed here, so that no request can name a file.
struct DocumentPages {
    /// Why the pages are not there.
    enum Failure: String, DomainError {
        case assetsMissing = "docs.assets_missing"

        var kind: ErrorKind { .notFound }

        var detail: String { "Swagger UI is not installed with this server; /openapi.json describes the API all the same." }
    }

    private struct Asset {
        let name: String
        let contentType: String
    }

    private static let assets = [
        Asset(name: "swagger-ui.css", contentType: "text/css; charset=utf-8"),
        Asset(name: "swagger-ui-bundle.js", contentType: "text/javascript; charset=utf-8"),
        Asset(name: "favicon-32x32.png", contentType: "image/png"),
    ]

    /// - Parameter directory: holds the assets; nil, or a directory without them, leaves `/docs` empty.
    static func routes(document: OpenAPIDocument, directory: String?) -> [Route] {
        let openAPI = Route(.get, "/openapi.json", .page { page(document.bytes, "application/json") })
        let files = assets.map { asset in
            (asset, directory.flatMap { try? Data(contentsOf: URL(filePath: $0).appending(path: asset.name)) })
        }
        let isComplete = files.allSatisfy { $0.1 != nil }
        let missing = Route.Target.page { throw Failure.assetsMissing }
        let index = Route(.get, "/docs", isComplete ? .page { page(Array(indexPage.utf8), "text/html; charset=utf-8") } : missing)
        let start = Route(
            .get, "/docs/start.js", isComplete ? .page { page(Array(script.utf8), "text/javascript; charset=utf-8") } : missing)
        return [openAPI, index, start]
            + files.map { asset, data in
                guard let data, isComplete else { return Route(.get, "/docs/\(asset.name)", missing) }
                let bytes = Array(data)
                return Route(.get, "/docs/\(asset.name)", .page { page(bytes, asset.contentType) })
            }
    }

    private static func page(_ bytes: [UInt8], _ contentType: String) -> Reply {
        let fields: HTTPFields = [
            .contentType: contentType, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff", .contentSecurityPolicy: policy,
        ]
        return Reply(status: .ok, fields: fields, body: ByteBuffer(bytes: bytes))
    }

    /// Swagger UI sets style attributes and draws its icons from `data:` URLs; scripts come from files of ours alone.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static let indexPage = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Ringside API</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="/docs/favicon-32x32.png">
        <link rel="stylesheet" href="/docs/swagger-ui.css">
        </head>
        <body>
        <div id="swagger-ui"></div>
        <script src="/docs/swagger-ui-bundle.js"></script>
        <script src="/docs/start.js"></script>
        </body>
        </html>

        """

    private static let script = """
        SwaggerUIBundle({
            url: "/openapi.json",
            dom_id: "#swagger-ui",
            deepLinking: true,
            validatorUrl: null,
        });

        """
}
