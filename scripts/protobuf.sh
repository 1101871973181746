#!/usr/bin/env bash
# Writes the Swift code of protocol/client.proto anew: protoc from Debian, its Swift plugin from the package that Package.resolved pins.
#
#   scripts/protobuf.sh [path of a protoc-gen-swift that was built already]
set -euo pipefail
cd "$(dirname "$0")/.."

output=Sources/Wire/Protocol/Protobuf/Generated
plugin=${1:-}

if [[ -z $plugin ]]; then
    # Outside of .build: SwiftPM builds a dependency's own tools only where the dependency is the root package.
    swift package resolve
    mkdir -p .setup/swift-protobuf
    cp -R .build/checkouts/swift-protobuf/. .setup/swift-protobuf/
    chmod -R u+w .setup/swift-protobuf
    nice -n 10 swift build --package-path .setup/swift-protobuf --product protoc-gen-swift
    plugin=$(swift build --package-path .setup/swift-protobuf --show-bin-path)/protoc-gen-swift
fi

mkdir -p "$output"
# Internal, so that the generated types stay a secret of Wire: everybody else sees its own plain structs.
protoc --proto_path=protocol --plugin=protoc-gen-swift="$plugin" \
    --swift_opt=Visibility=Internal --swift_opt=UseAccessLevelOnImports=true --swift_out="$output" client.proto
# What it was made from, for `make test` to compare: protoc and its plugin are not everywhere.
(cd protocol && sha256sum client.proto >client.proto.sha256)
