#!/usr/bin/env python3
"""Checks the contract of the sockets, without a server: is protocol/asyncapi.yaml a sound AsyncAPI 3 document, do the golden messages of
protocol/vectors match its schemas, does another's model of AsyncAPI 3 (PyPI asyncapi3) take it, and does it name what the code names: addresses, channels, events, and in docs/protocol.md codes.

Prints every offence and exits 1 if there is one.
"""
import hashlib
import json
import pathlib
import re
import sys
import warnings

import jsonschema
import pydantic
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
offences: list[str] = []


def expect(holds: bool, offence: str) -> None:
    if not holds:
        offences.append(offence)


def same(what: str, documented: set, coded: set) -> None:
    for name in sorted(documented - coded, key=str):
        offences.append(f"{what}: {name} is documented and not in the code")
    for name in sorted(coded - documented, key=str):
        offences.append(f"{what}: {name} is in the code and not documented")


def source(folder: str) -> str:
    return "\n".join(file.read_text() for file in sorted((ROOT / folder).rglob("*.swift")))


def vectors(name: str) -> list:
    return json.loads((ROOT / "protocol/vectors" / name).read_text())


def resolve(document: dict, reference: str):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def references(node, path="#"):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield path, node["$ref"]
        for key, value in node.items():
            yield from references(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from references(value, f"{path}/{index}")


def check_document(document: dict) -> None:
    """The rules of AsyncAPI 3.0 that a document of this size can break."""
    expect(document.get("asyncapi") == "3.0.0", "asyncapi is not 3.0.0")
    known = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}
    expect(set(document) <= known, f"unknown members: {set(document) - known}")
    expect({"title", "version"} <= set(document["info"]), "info has no title or version")
    for name, server in document.get("servers", {}).items():
        expect({"host", "protocol"} <= set(server), f"server {name} has no host or protocol")
    for path, reference in references(document):
        try:
            resolve(document, reference)
        except (KeyError, TypeError):
            offences.append(f"{path}: nothing at {reference}")
    for name, channel in document["channels"].items():
        expect(set(channel) <= {"address", "title", "summary", "description", "servers", "parameters", "messages", "tags"},
               f"channel {name} has unknown members")
        named = set(re.findall(r"\{(\w+)\}", channel["address"]))
        expect(named == set(channel.get("parameters", {})), f"channel {name}: parameters are not those of its address")
        expect(bool(channel.get("messages")), f"channel {name} has no messages")
        for message in channel["messages"].values():
            expect(message["$ref"].startswith("#/components/messages/"), f"channel {name}: {message}")
    expect(len({channel["address"] for channel in document["channels"].values()}) == len(document["channels"]), "an address occurs twice")
    told = set()
    for name, operation in document["operations"].items():
        expect(operation.get("action") in ("send", "receive"), f"operation {name} has no action")
        channel = operation["channel"]["$ref"]
        told.add(channel)
        for part in (operation, operation.get("reply", {})):
            for message in part.get("messages", []):
                expect(message["$ref"].startswith(part["channel"]["$ref"] + "/messages/"),
                       f"operation {name}: {message['$ref']} is no message of its channel")
    same("channels with operations", {f"#/channels/{name}" for name in document["channels"]}, told)
    for name, message in document["components"]["messages"].items():
        expect("payload" in message, f"message {name} has no payload")
    for name, schema in document["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            offences.append(f"schema {name}: {error.message}")
    used = {reference for _, reference in references(document)}
    for kind in ("messages", "schemas", "parameters"):
        for name in document["components"][kind]:
            expect(f"#/components/{kind}/{name}" in used, f"{kind}: nobody refers to {name}")


def check_by_another(document: dict) -> None:
    """The same document to somebody else's eyes: members that are missing, unknown or of the wrong kind, at any depth."""
    with warnings.catch_warnings():
        # Of the package about itself.
        warnings.simplefilter("ignore")
        from asyncapi3.models.asyncapi import AsyncAPI3
    # AsyncAPI allows dots in the names of components, the package does not.
    text = json.dumps(document)
    for names in document["components"].values():
        for name in names:
            undotted = name.replace(".", "-")
            text = text.replace(f'"{name}": {{', f'"{undotted}": {{').replace(f'/{name}"', f'/{undotted}"')
    try:
        AsyncAPI3.model_validate(json.loads(text))
    except pydantic.ValidationError as error:
        for fault in error.errors():
            offences.append(f"asyncapi3: {'.'.join(map(str, fault['loc']))}: {fault['msg']}")


def check_vectors(document: dict) -> None:
    """What the code writes is what the schemas allow."""

    def errors(schema: str, value):
        whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        return [error.message for error in validator.iter_errors(value)]

    def check(name: str, schema: str, text: str) -> None:
        for error in errors(schema, json.loads(text)):
            offences.append(f"vectors: {name} is no {schema}: {error}")

    for vector in vectors("commands.json"):
        check(vector["name"], "Command", vector["json"])
    for vector in vectors("messages.json"):
        schema = "Reply" if vector["name"].startswith("reply") else "PushMessage" if vector["name"].startswith("push") else "Empty"
        check(vector["name"], schema, vector["json"])
    for vector in vectors("unidirectional.json"):
        check(vector["name"], "Push" if vector["name"].startswith("push") else "Empty", vector["json"])
    for event in vectors("events.json"):
        check(event["type"], event["type"], json.dumps(event))
        broken = dict(event, data=dict(event["data"], surplus=1))
        expect(bool(errors(event["type"], broken)), f"the schema of {event['type']} allows anything")
    # Every alternative that the schemas know has an example, and the other way round.
    for schema, file, outer in (("Command", "commands.json", None), ("Reply", "messages.json", None), ("Push", "messages.json", "push")):
        seen = set()
        for vector in vectors(file):
            message = json.loads(vector["json"])
            seen |= set(message.get(outer, {})) if outer else set(message)
        same(f"members of {schema}", set(document["components"]["schemas"][schema]["properties"]), seen - ({"push"} if not outer else set()))


def check_names(document: dict) -> None:
    """The names of the code: what a client may connect to, subscribe to and hear."""
    addresses = {channel["address"] for channel in document["channels"].values()}
    sockets = {address for address in addresses if address.startswith("/")}
    paths = set(re.findall(r'"(/(?:connection/\w+|emulation|ws/\w+))"', source("Sources/Gateway") + source("Sources/Server")))
    same("addresses", sockets, paths)
    channels = source("Sources/Wire/Channels")
    prefixes = set(re.findall(r'static let prefix = "([^"]+)"', channels))
    prefixes |= {f"{namespace}:#" for namespace in re.findall(r'static let namespace = "([^"]+)"', channels)}
    same("channels", {re.sub(r":?\{\w+\}$", "", address) for address in addresses - sockets}, prefixes)
    events = set(re.findall(r'static let type = "([^"]+)"', source("Sources/Wire/Events")))
    schemas = document["components"]["schemas"]
    same("events", {name for name in schemas if "." in name}, events)
    same("examples of events", {event["type"] for event in vectors("events.json")}, events)
    told = {message["$ref"].rsplit("/", 1)[1] for channel in document["channels"].values() for message in channel["messages"].values()}
    for name, message in document["components"]["messages"].items():
        expect(name in told, f"no channel carries {name}")
        schema = message["payload"]["$ref"].rsplit("/", 1)[1]
        if "." in schema:
            first, *rest = re.split("[._]", schema)
            expect(name == first + "".join(part.capitalize() for part in rest), f"message {name} is {schema}")


def check_codes() -> None:
    """The codes of docs/protocol.md are those of the code, with their texts."""
    text = (ROOT / "docs/protocol.md").read_text()
    documented = {(int(code), reason) for code, reason in re.findall(r"^\| (\d{3,4}) \| ([^|]+?) \|", text, re.MULTILINE)}
    files = ("ProtocolError", "Disconnect", "Unsubscription")
    code = "\n".join((ROOT / f"Sources/Wire/Protocol/{name}.swift").read_text() for name in files)
    coded = {(int(number), reason) for number, reason in re.findall(r'Self\(code: (\d+), (?:reason|message): "([^"]+)"', code)}
    same("codes", documented, coded)


def check_generated() -> None:
    """protoc is not everywhere, but it is known what it was given last."""
    proto = ROOT / "protocol/client.proto"
    made_from = proto.with_suffix(".proto.sha256").read_text().split()[0]
    expect(hashlib.sha256(proto.read_bytes()).hexdigest() == made_from, "client.proto has changed since `make protobuf`")


def main() -> None:
    document = yaml.safe_load((ROOT / "protocol/asyncapi.yaml").read_text())
    check_document(document)
    check_by_another(document)
    check_vectors(document)
    check_names(document)
    check_codes()
    check_generated()
    if offences:
        sys.exit("\n".join(offences))
    counts = [len(document["channels"]), len(document["components"]["messages"]), len(document["components"]["schemas"])]
    print("the sockets' contract is sound: {} channels, {} messages, {} schemas".format(*counts))


if __name__ == "__main__":
    main()
