"""The database of the FastAPI peer, SQLite or PostgreSQL: as durable as Ringside's, and filled in bulk."""

import hashlib
import secrets
from datetime import UTC, datetime

from models import Account, Base, TimeSlot, Venue
from sqlalchemy import create_engine, event, func, insert, select
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
POSTGRESQL = "postgresql+psycopg://"


def utc_now():
    return datetime.now(UTC).replace(tzinfo=None)


def hashed(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=1)


def open_database(url, connections):
    if url.startswith(POSTGRESQL):
        opened = create_engine(url, pool_size=connections, max_overflow=0)
        Base.metadata.create_all(opened)
        return opened
    opened = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(opened, "connect")
    def prepare(connection, _):
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(opened, "begin")
    def begin(connection):
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    Base.metadata.create_all(opened)
    return opened


def seed(engine, plan):
    stamps = {"created_at": utc_now(), "updated_at": utc_now()}
    with Session(engine) as session, session.begin():
        if session.scalar(select(func.count(Venue.id))):
            return
        venues = [{**venue, "exclusive": False, "time_zone": "UTC", **stamps} for venue in plan["venues"]]
        session.execute(insert(Venue), venues)
        session.execute(insert(TimeSlot), [
            {"venue_id": slot["venue_id"], "capacity": slot["capacity"],
             "starts_at": datetime.fromisoformat(f"{slot['date']}T{slot['start_time']}"),
             "ends_at": datetime.fromisoformat(f"{slot['date']}T{slot['end_time']}")} for slot in plan["slots"]])
        salts = {person: secrets.token_bytes(16) for person in plan["people"]}
        session.execute(insert(Account), [
            {"username": person, "salt": salt, "password_hash": hashed(plan["password"], salt)} for person, salt in salts.items()])
