-- +goose Up
-- Instants are microseconds since 1970 in UTC; 0 is none. Only types that
-- SQLite and PostgreSQL both take.

CREATE TABLE subscription (
  id text PRIMARY KEY,
  platform text NOT NULL,
  chat text NOT NULL,
  thread text NOT NULL,
  guild text NOT NULL,
  topics text NOT NULL, -- slugs joined by ";"
  schedule text NOT NULL,
  zone text NOT NULL,
  lang text NOT NULL,
  when_quiet text NOT NULL,
  quiet_hours text NOT NULL,
  text_only smallint NOT NULL,
  paused smallint NOT NULL,
  stopped text NOT NULL,
  next_due bigint NOT NULL,           -- the next slot
  plan_at bigint NOT NULL,            -- when to plan it: the slot, or the end of the quiet hours it lies in
  last_end bigint NOT NULL,           -- end of the last window reported
  open_run text NOT NULL DEFAULT '',  -- run whose delivery is not finished
  failures bigint NOT NULL DEFAULT 0, -- deliveries in a row that never will arrive
  failed_at bigint NOT NULL DEFAULT 0,
  created bigint NOT NULL
);
CREATE UNIQUE INDEX subscription_wish ON subscription (platform, chat, thread, topics, schedule, zone, lang);
CREATE INDEX subscription_due ON subscription (plan_at) WHERE paused = 0 AND stopped = '' AND open_run = '';

CREATE TABLE run (
  id text PRIMARY KEY,
  run_key text NOT NULL UNIQUE, -- group and local slot
  slot text NOT NULL,
  zone text NOT NULL,
  lang text NOT NULL,
  window_end bigint NOT NULL,
  planned_at bigint NOT NULL
);
CREATE INDEX run_window_end ON run (window_end);

CREATE TABLE message (
  run text NOT NULL,
  kind text NOT NULL, -- platform and kind of place it is laid out for
  part bigint NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (run, kind, part)
);

CREATE TABLE delivery (
  run text NOT NULL,
  platform text NOT NULL,
  chat text NOT NULL,
  thread text NOT NULL,
  part bigint NOT NULL,
  kind text NOT NULL,
  -- planned claimed started sent retry unknown skipped dead expired
  state text NOT NULL,
  urgent smallint NOT NULL DEFAULT 0,
  not_before bigint NOT NULL,
  expires bigint NOT NULL,
  lease_until bigint NOT NULL DEFAULT 0,
  lease_by text NOT NULL DEFAULT '',
  attempt bigint NOT NULL DEFAULT 0,
  doubts bigint NOT NULL DEFAULT 0,     -- tries whose outcome is not known
  started_at bigint NOT NULL DEFAULT 0, -- first try since one certainly did not arrive
  nonce text NOT NULL DEFAULT '',
  msg_ref text NOT NULL DEFAULT '',
  err text NOT NULL DEFAULT '',
  changed bigint NOT NULL,
  PRIMARY KEY (run, platform, chat, thread, part)
);
CREATE INDEX delivery_open ON delivery (platform, urgent DESC, not_before) WHERE state IN ('planned', 'retry');
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state IN ('claimed', 'started');
CREATE INDEX delivery_place ON delivery (platform, chat, thread);

CREATE TABLE limiter (
  token text PRIMARY KEY, -- a bot's id, never its secret
  tat bigint NOT NULL
);

CREATE TABLE note (
  name text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE setting (
  platform text NOT NULL,
  chat text NOT NULL,
  thread text NOT NULL,
  lang text NOT NULL,
  zone text NOT NULL,
  text_only smallint NOT NULL,
  PRIMARY KEY (platform, chat, thread)
);

CREATE TABLE revision (
  id text NOT NULL,
  n bigint NOT NULL, -- counts an item's revisions from 1
  hash text NOT NULL,
  corrected bigint NOT NULL,
  kind text NOT NULL, -- baseline new updated corrected retracted
  seen bigint NOT NULL,
  retracted smallint NOT NULL,
  title_en text NOT NULL,
  title_fr text NOT NULL,
  topics text NOT NULL,
  PRIMARY KEY (id, n)
);
CREATE INDEX revision_seen ON revision (seen);

-- +goose Down
DROP TABLE revision;
DROP TABLE setting;
DROP TABLE note;
DROP TABLE limiter;
DROP TABLE delivery;
DROP TABLE message;
DROP TABLE run;
DROP TABLE subscription;
