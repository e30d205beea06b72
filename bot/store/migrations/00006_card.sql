-- +goose Up
-- What editors are shown at their place and decide on.
CREATE TABLE card (
  id text PRIMARY KEY, -- made from kind and subject; buttons carry it
  kind text NOT NULL,    -- content
  subject text NOT NULL, -- of content its hash
  about text NOT NULL,   -- what it tells, JSON
  state text NOT NULL,   -- open sent held gone
  who text NOT NULL DEFAULT '',       -- the name of who decided; empty at the command line
  person text NOT NULL DEFAULT '',    -- and their id: platform:user
  decided bigint NOT NULL DEFAULT 0,
  n bigint NOT NULL DEFAULT 1,        -- counts its changes
  shown bigint NOT NULL DEFAULT 0,    -- the last of them that its message tells, or is planned to
  run text NOT NULL DEFAULT '',       -- that brought its message
  edit text NOT NULL DEFAULT '',      -- that edited it last
  made bigint NOT NULL
);
CREATE INDEX card_stale ON card (made) WHERE shown < n;

-- +goose Down
DROP TABLE card;
