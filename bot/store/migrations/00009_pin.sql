-- +goose Up
-- Living pins: one message for a place and topic, whose text is edited when it changes.
CREATE TABLE pin (
  platform text NOT NULL,
  chat text NOT NULL,
  thread text NOT NULL,
  topic text NOT NULL,    -- slug
  kind text NOT NULL,     -- of place, as in message
  guild text NOT NULL,    -- the Discord server's id; empty elsewhere
  sections text NOT NULL, -- joined by ","; empty: what the topic says first
  lang text NOT NULL,
  made bigint NOT NULL,
  ref text NOT NULL DEFAULT '',          -- id of its message at the platform; empty: there is none now
  tried text NOT NULL DEFAULT '',        -- hash of the text that was planned last
  open_run text NOT NULL DEFAULT '',     -- the run that brings it; empty: none is on its way
  edited bigint NOT NULL DEFAULT 0,      -- when its text was last sent, or could not be
  pinned bigint NOT NULL DEFAULT 0,      -- when we pinned the message; 0: we did not
  unpinned text NOT NULL DEFAULT '',     -- why we could not, a code: limit forbidden:RIGHT ...
  stopped text NOT NULL DEFAULT '',      -- why its text is not kept current, a code: lost gone forbidden:RIGHT ...
  stopped_at bigint NOT NULL DEFAULT 0,
  remade smallint NOT NULL DEFAULT 0,    -- a message of it that was deleted has been made anew
  PRIMARY KEY (platform, chat, thread, topic)
);
CREATE INDEX pin_text ON pin (platform, topic, sections, lang, kind, tried);
CREATE INDEX pin_ref ON pin (platform, chat, ref);

-- +goose Down
DROP TABLE pin;
