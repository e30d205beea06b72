-- +goose Up
ALTER TABLE delivery ADD COLUMN edits text NOT NULL DEFAULT '';   -- id of the message it makes read otherwise; empty: it is a new one
ALTER TABLE delivery ADD COLUMN cause text NOT NULL DEFAULT '';   -- why it never will arrive, a code: gone thread forbidden forbidden:RIGHT lost outside; empty otherwise
ALTER TABLE delivery ADD COLUMN rank smallint NOT NULL DEFAULT 0; -- of two that are as urgent the higher one goes first: 1 for corrections
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (platform, urgent DESC, rank DESC, not_before) WHERE state IN ('planned', 'retry');
CREATE INDEX delivery_edits ON delivery (platform, chat, edits) WHERE edits <> '';
ALTER TABLE message ADD COLUMN said text NOT NULL DEFAULT '';     -- what it says; empty where that is not kept track of

CREATE INDEX message_said ON message (said) WHERE said <> '';

-- What messages said: one row for all that said the same.
CREATE TABLE said (
  id text PRIMARY KEY, -- made from the rest, and from its items
  lang text NOT NULL,
  request text NOT NULL, -- what it answers: a window or a line, JSON
  made bigint NOT NULL
);

-- Which items it showed, in which revision. An item that was withdrawn since is
-- shown by the note that says so.
CREATE TABLE said_item (
  said text NOT NULL,
  item text NOT NULL,
  n bigint NOT NULL,     -- the revision shown
  first bigint NOT NULL, -- the revision that the message showed at first
  PRIMARY KEY (said, item)
);
CREATE INDEX said_item_item ON said_item (item, n);

-- The messages that stand, as far as they are kept track of.
CREATE TABLE post (
  platform text NOT NULL,
  chat text NOT NULL, -- as in delivery; of a message sent through inline mode "inline:" and its id
  thread text NOT NULL,
  bundle text NOT NULL, -- names the messages of a place that are one reply
  part bigint NOT NULL, -- which of them it is, from 0
  ref text NOT NULL,    -- its id at the platform, as in delivery
  kind text NOT NULL,   -- of place, as in message
  purpose text NOT NULL, -- digest answer
  said text NOT NULL,
  file smallint NOT NULL,          -- it is a file with a caption, not a text
  sent bigint NOT NULL,
  fixed bigint NOT NULL DEFAULT 0, -- changes seen until then are planned for it
  PRIMARY KEY (platform, chat, thread, bundle, part)
);
CREATE INDEX post_said ON post (said);
CREATE INDEX post_ref ON post (platform, chat, ref);
CREATE INDEX post_sent ON post (sent);

-- Which changes a run of edits is for.
CREATE TABLE fix (
  item text NOT NULL,
  n bigint NOT NULL, -- the revision
  run text NOT NULL,
  PRIMARY KEY (item, n, run)
);
CREATE INDEX fix_run ON fix (run);

-- Which changes the readers of a place are told of in a notice.
CREATE TABLE owed (
  platform text NOT NULL,
  chat text NOT NULL,
  thread text NOT NULL,
  item text NOT NULL,
  n bigint NOT NULL,     -- the revision
  first bigint NOT NULL, -- the revision they read
  lang text NOT NULL,
  kind text NOT NULL,
  urgent smallint NOT NULL,
  due bigint NOT NULL,            -- not before
  told bigint NOT NULL DEFAULT 0, -- when the notice was planned; 0: it is not yet
  PRIMARY KEY (platform, chat, thread, item, n)
);
CREATE INDEX owed_due ON owed (due) WHERE told = 0;

-- +goose Down
DROP TABLE owed;
DROP TABLE fix;
DROP TABLE post;
DROP TABLE said_item;
DROP TABLE said;
DROP INDEX message_said;
ALTER TABLE message DROP COLUMN said;
DROP INDEX delivery_edits;
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (platform, urgent DESC, not_before) WHERE state IN ('planned', 'retry');
ALTER TABLE delivery DROP COLUMN rank;
ALTER TABLE delivery DROP COLUMN cause;
ALTER TABLE delivery DROP COLUMN edits;
