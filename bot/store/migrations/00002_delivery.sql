-- +goose Up
ALTER TABLE subscription ADD COLUMN owner text NOT NULL DEFAULT '';           -- who asked for it in a shared place: told when it must stop
ALTER TABLE subscription ADD COLUMN failing_since bigint NOT NULL DEFAULT 0;  -- first failure of the present streak, which failures counts
ALTER TABLE subscription ADD COLUMN fell_back bigint NOT NULL DEFAULT 0;      -- when its thread was last answered by a fallback to the chat itself
ALTER TABLE subscription ADD COLUMN last_run text NOT NULL DEFAULT '';        -- the run last planned for it; unlike open_run it stays

ALTER TABLE delivery ADD COLUMN purpose text NOT NULL DEFAULT 'digest';       -- digest notice: only a digest needs a subscription that still wants it
ALTER TABLE delivery ADD COLUMN via text NOT NULL DEFAULT '';                 -- 'chat': its thread is gone or closed, it goes to the chat itself
ALTER TABLE delivery ADD COLUMN refusals bigint NOT NULL DEFAULT 0;           -- how often its destination refused it, spaced

ALTER TABLE limiter ADD COLUMN hold bigint NOT NULL DEFAULT 0;                -- nobody calls before

-- +goose Down
ALTER TABLE limiter DROP COLUMN hold;
ALTER TABLE delivery DROP COLUMN refusals;
ALTER TABLE delivery DROP COLUMN via;
ALTER TABLE delivery DROP COLUMN purpose;
ALTER TABLE subscription DROP COLUMN last_run;
ALTER TABLE subscription DROP COLUMN fell_back;
ALTER TABLE subscription DROP COLUMN failing_since;
ALTER TABLE subscription DROP COLUMN owner;
