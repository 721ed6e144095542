-- The schema of version 1. Never change a version that was released: add the
-- next one in migrations.go.

CREATE TABLE calls (
	row        INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: the id people see
	network_id TEXT    NOT NULL DEFAULT '',
	line       TEXT    NOT NULL,
	line_kind  TEXT    NOT NULL,
	direction  TEXT    NOT NULL,
	number     TEXT    NOT NULL DEFAULT '',
	lid        TEXT    NOT NULL DEFAULT '',
	user_id    TEXT    NOT NULL DEFAULT '',
	name       TEXT    NOT NULL DEFAULT '', -- as it was shown
	state      TEXT    NOT NULL,
	started    INTEGER NOT NULL,            -- milliseconds since 1970, UTC
	zone       INTEGER NOT NULL,            -- offset here at that moment, seconds east
	to_answer  INTEGER NOT NULL DEFAULT 0,  -- milliseconds from first ring to answer
	talked     INTEGER NOT NULL DEFAULT 0,  -- milliseconds
	alive      INTEGER NOT NULL DEFAULT 0,  -- last seen alive, milliseconds since 1970
	outcome    TEXT    NOT NULL DEFAULT '',
	cause      TEXT    NOT NULL DEFAULT '',
	detail     TEXT    NOT NULL DEFAULT '',
	mos        REAL    NOT NULL DEFAULT 0,
	loss       REAL    NOT NULL DEFAULT 0,
	rule       TEXT    NOT NULL DEFAULT '',
	note       TEXT    NOT NULL DEFAULT '',
	recording  TEXT    NOT NULL DEFAULT '',
	seen       INTEGER NOT NULL DEFAULT 0,
	search     TEXT    NOT NULL DEFAULT '', -- folded, see phone.SearchText
	call       TEXT    NOT NULL             -- the whole phone.Call as JSON
) STRICT;

-- Not unique: an id that a network gives twice must not keep a call out.
CREATE INDEX calls_network ON calls (line, network_id) WHERE network_id <> '';
CREATE INDEX calls_open ON calls (row) WHERE state <> 'terminated';
CREATE INDEX calls_number ON calls (number) WHERE number <> '';
CREATE INDEX calls_lid ON calls (lid) WHERE lid <> '';
CREATE INDEX calls_user ON calls (user_id) WHERE user_id <> '';

CREATE TABLE events (
	seq   INTEGER PRIMARY KEY AUTOINCREMENT,
	at    INTEGER NOT NULL,           -- milliseconds since 1970, UTC
	call  INTEGER NOT NULL DEFAULT 0, -- calls.row, 0 for none
	event TEXT    NOT NULL            -- phone.Event as JSON
) STRICT;

CREATE INDEX events_at ON events (at);
CREATE INDEX events_call ON events (call) WHERE call <> 0;

CREATE TABLE people (
	row     INTEGER PRIMARY KEY,
	number  TEXT NOT NULL DEFAULT '',
	lid     TEXT NOT NULL DEFAULT '',
	user_id TEXT NOT NULL DEFAULT '',
	person  TEXT NOT NULL -- phone.Contact as JSON
) STRICT;
