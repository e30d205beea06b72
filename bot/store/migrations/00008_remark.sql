-- +goose Up
-- What readers told the editors.
CREATE TABLE remark (
  id text PRIMARY KEY,
  platform text NOT NULL,
  chat text NOT NULL,   -- who wrote it, as in setting: of a person user:ID
  thread text NOT NULL,
  place text NOT NULL,  -- where, platform:chat/thread
  lang text NOT NULL,
  item text NOT NULL,   -- what it is about; empty: nothing of the content
  n bigint NOT NULL,    -- the revision they read; 0: it is not known
  said text NOT NULL,
  wants smallint NOT NULL, -- an answer
  state text NOT NULL,     -- open answered closed
  answer text NOT NULL DEFAULT '',
  told smallint NOT NULL DEFAULT 0, -- the answer is planned for who wrote it
  made bigint NOT NULL
);
CREATE INDEX remark_who ON remark (platform, chat, thread, made);
CREATE INDEX remark_made ON remark (made);
CREATE INDEX remark_tell ON remark (made) WHERE state = 'answered' AND told = 0;

-- +goose Down
DROP TABLE remark;
