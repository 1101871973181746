"""wstest -m fuzzingclient -s spec.json, for Python 3."""
import argparse, json, os, sys
from twisted.internet import epollreactor
epollreactor.install()
from twisted.internet import reactor
from twisted.python import log
import txaio
txaio.use_twisted()
from autobahn.websocket import utf8validator
from autobahntestsuite import B, S, binascii

_Validator = utf8validator.Utf8Validator

class Validator(_Validator):
    def validate(self, data):
        return _Validator.validate(self, B(data))

utf8validator.Utf8Validator = Validator
from autobahntestsuite import fuzzing
from autobahntestsuite.case import Case
from autobahn.twisted.websocket import WebSocketClientProtocol as Base

# ---- suite -> library: octets as latin-1 str become bytes
P = fuzzing.FuzzingProtocol
P.sendFrame = lambda self, opcode, payload=b"", **kw: Base.sendFrame(self, opcode, B(payload), **kw)
P.sendMessage = lambda self, payload, *a, **kw: Base.sendMessage(self, B(payload), *a, **kw)
P.sendMessageFrameData = lambda self, payload, *a, **kw: Base.sendMessageFrameData(self, B(payload), *a, **kw)
P.sendCloseFrame = lambda self, code=None, reasonUtf8=None, isReply=False: Base.sendCloseFrame(self, code, B(reasonUtf8), isReply)

# ---- library -> suite: bytes become latin-1 str (the 12.*/13.* cases are bytes-clean as written)
_onMessage, _onPong, _logRxFrame, _logCase = P.onMessage, P.onPong, P.logRxFrame, fuzzing.FuzzingFactory.logCase
P.onMessage = lambda self, msg, binary: _onMessage(self, msg if hasattr(self.runCase, "TESTDATA") else S(msg), binary)
P.onPong = lambda self, payload: _onPong(self, S(payload))
P.logRxFrame = lambda self, header, payload: _logRxFrame(self, header, [S(b"".join(payload))])
Case.compare = lambda self, a, b: a == b        # was a comparison of pickles
fuzzing.FuzzingFactory.logCase = lambda self, r: _logCase(self, {k: S(v) for k, v in r.items()})

# ---- logging of payloads
def log_data(data, maxlen=64, replace=False, text=True):
    data = B(data)
    head, more = data[:maxlen], " ..." if len(data) > maxlen else ""
    if not text:
        return head.hex() + more
    try:
        return head.decode("utf8", "replace" if replace else "strict") + more
    except UnicodeDecodeError:
        return "0x" + head.hex() + more

fuzzing.asciiLogData, fuzzing.binascii = log_data, binascii
fuzzing.binLogData = lambda data, maxlen=64: log_data(data, maxlen, text=False)
for c in fuzzing.Cases:         # for the reports; nothing is sent from it
    c.DESCRIPTION = B(c.DESCRIPTION).decode("utf8")
fuzzing.open = lambda name, mode: open(name, mode, encoding="utf8", errors="surrogateescape")


def run():
    ap = argparse.ArgumentParser(prog="wstest", description=__doc__)
    ap.add_argument("-m", "--mode", choices=["fuzzingclient"], required=True)
    ap.add_argument("-s", "--spec", required=True)
    args = ap.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    errors, state = [], {}

    def observe(event):     # an exception inside the client must not pass for behaviour of the server
        if event.get("isError"):
            case = getattr(state.get("factory"), "currentCaseId", "?")
            errors.append((case, log.textFromEventDict(event) or "?"))
            print("CLIENT ERROR in case %s: %s" % errors[-1], file=sys.stderr)

    log.addObserver(observe)
    with open(args.spec) as f:
        spec = json.load(f)
    print("UTF-8 validator %s" % _Validator)
    factory = state["factory"] = fuzzing.FuzzingClientFactory(spec, False)
    os.makedirs(factory.outdir, exist_ok=True)
    reported = []
    create = factory.createReports
    factory.createReports = lambda: (reported.append(1), create())
    reactor.run()
    if not reported:        # stopped by a signal
        create()
    with open(os.path.join(factory.outdir, "run.json"), "w") as f:
        json.dump({"cases": factory.specCases, "errors": errors}, f)
    sys.exit(3 if errors else 0)


if __name__ == "__main__":
    run()
