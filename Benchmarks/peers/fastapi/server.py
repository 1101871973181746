"""A booking server as the guides of FastAPI and SQLAlchemy have one write it: the peer of Ringside's reservations.

    python3 server.py --database URL --plan FILE [--port 0]      sqlite:///FILE or postgresql+psycopg://...

One process. Prints `listening on http://HOST:PORT`. The plan (JSON: venues, slots, people, password) fills an empty database.
"""

import argparse
import contextlib
import json
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import uvicorn
from anyio import to_thread
from database import hashed, open_database, seed, utc_now
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from models import Account, Audit, Event, Reservation, TimeSlot, Venue
from schemas import Credentials, ReservationAnswer, ReservationRequest, Token, VenueList
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

# Threads. With SQLite the fastest number of those tried, not FastAPI's 40, which fight for the interpreter's lock; with PostgreSQL, whose
# callers wait outside of that lock, some more, and no others were tried yet.
THREADS = {"sqlite": 2, "postgresql": 8}
TOKEN_SECONDS = 900
SECRET = secrets.token_bytes(32)

# SQLite's own waiters poll with growing pauses; writers of one process queue better here. PostgreSQL locks the rows that are asked for.
turn_to_write = contextlib.nullcontext()


@contextlib.asynccontextmanager
async def lifespan(_):
    to_thread.current_default_thread_limiter().total_tokens = THREADS[engine.dialect.name]
    yield


app = FastAPI(lifespan=lifespan)


async def user_id(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> int:
    try:
        return int(jwt.decode(bearer.credentials, SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})["sub"])
    except (jwt.InvalidTokenError, ValueError):
        raise HTTPException(401, "Sign in first.") from None


UserID = Annotated[int, Depends(user_id)]


@contextlib.contextmanager
def writing():
    with turn_to_write, Session(writer, expire_on_commit=False) as session, session.begin():
        yield session


@app.post("/api/v1/users/login")
def login(credentials: Credentials) -> Token:
    with Session(engine) as session:
        account = session.scalar(select(Account).where(Account.username == credentials.username))
    if account is None or not secrets.compare_digest(account.password_hash, hashed(credentials.password, account.salt)):
        raise HTTPException(401, "Wrong name or password.")
    claims = {"sub": str(account.id), "exp": datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS)}
    return Token(access_token=jwt.encode(claims, SECRET, "HS256"), expires_in=TOKEN_SECONDS)


@app.get("/api/v1/venues")
def list_venues(_: UserID, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> VenueList:
    with Session(engine) as session:
        return VenueList(items=session.scalars(select(Venue).order_by(Venue.id).limit(limit)).all())


@app.post("/api/v1/reservations", status_code=201)
def reserve(request: ReservationRequest, user: UserID, response: Response) -> ReservationAnswer:
    with writing() as session:
        # Whoever decides about the same person or the same time slot waits here. SQLite lets in one writer at a time anyhow.
        account = session.get(Account, user, with_for_update=True)
        slot = session.get(TimeSlot, request.time_slot_id, options=[joinedload(TimeSlot.venue)], with_for_update={"of": TimeSlot})
        now = utc_now()
        if slot is None or account is None:
            raise HTTPException(404, "There is no such time slot or person.")
        if slot.venue.status != "open" or slot.starts_at <= now:
            raise HTTPException(409, "The venue is not open or the time slot has started.")
        standing = select(Reservation.id).where(Reservation.status == "confirmed")
        own = standing.where(Reservation.user_id == user, Reservation.starts_at < slot.ends_at, Reservation.ends_at > slot.starts_at)
        if session.scalar(own.limit(1)) is not None:
            raise HTTPException(409, "This person has another reservation at that time.")
        taken = standing.where(Reservation.time_slot_id == slot.id).with_only_columns(func.count())
        if session.scalar(taken) >= slot.capacity:
            raise HTTPException(409, "No room is left at that time.")
        reservation = Reservation(user_id=user, time_slot_id=slot.id, starts_at=slot.starts_at, ends_at=slot.ends_at,
                                  status="confirmed", created_at=now, updated_at=now)
        session.add(reservation)
        session.flush()
        answer = ReservationAnswer.model_validate(reservation)
        after = answer.model_dump(mode="json")
        session.add(Event(channel=f"ops:venue:{slot.venue_id}", data={**after, "username": account.username}, at=now))
        session.add(Audit(actor=user, action="reservation.created", thing=f"reservation:{answer.id}", after=after, at=now))
    response.headers["Location"] = f"/api/v1/reservations/{answer.id}"
    return answer


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--plan", required=True, type=argparse.FileType())
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    engine = writer = open_database(options.database, max(THREADS.values()))
    if engine.dialect.name == "sqlite":
        writer = engine.execution_options(begin="BEGIN IMMEDIATE")  # its reads decide: nobody may write in between
        turn_to_write = threading.Lock()
    seed(engine, json.load(options.plan))
    server = uvicorn.Server(uvicorn.Config(
        app, port=options.port, loop="uvloop", http="httptools", log_level="error", access_log=False))
    socket = server.config.bind_socket()
    socket.listen(1024)
    print(f"listening on http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    server.run(sockets=[socket])
