-- +goose Up
ALTER TABLE revision ADD COLUMN text_en text NOT NULL DEFAULT ''; -- what readers read of the item, in words; empty where that is not known
ALTER TABLE revision ADD COLUMN text_fr text NOT NULL DEFAULT '';

-- When somebody last asked what changed.
CREATE TABLE look (
  platform text NOT NULL,
  chat text NOT NULL, -- of a person, as in setting
  thread text NOT NULL,
  topic text NOT NULL, -- slug; empty: the whole pack
  looked bigint NOT NULL,
  PRIMARY KEY (platform, chat, thread, topic)
);
CREATE INDEX look_looked ON look (looked);

-- The versions of the content that were used or held.
CREATE TABLE pack (
  hash text PRIMARY KEY,
  name text NOT NULL,
  state text NOT NULL, -- used held released dropped
  seen bigint NOT NULL,    -- first
  changed bigint NOT NULL, -- the state, and when it was taken into use last
  touched bigint NOT NULL DEFAULT 0, -- when a process last had it in use
  why text NOT NULL DEFAULT '',      -- what it is held for, JSON
  files text NOT NULL DEFAULT ''     -- its files, zipped, in base64; kept of the version in use
);

-- +goose Down
DROP TABLE pack;
DROP TABLE look;
ALTER TABLE revision DROP COLUMN text_fr;
ALTER TABLE revision DROP COLUMN text_en;
