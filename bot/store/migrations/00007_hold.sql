-- +goose Up
ALTER TABLE run ADD COLUMN held bigint NOT NULL DEFAULT 0;      -- since when nothing of it is sent; 0: it is
ALTER TABLE run ADD COLUMN held_why text NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN held smallint NOT NULL DEFAULT 0; -- its run is, and it is not too late yet: nobody need look at it
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (platform, urgent DESC, rank DESC, not_before) WHERE state IN ('planned', 'retry') AND held = 0;
CREATE INDEX delivery_held ON delivery (expires) WHERE held = 1;
ALTER TABLE card ADD COLUMN part bigint NOT NULL DEFAULT 0;     -- which message of its run is the card itself

-- +goose Down
ALTER TABLE card DROP COLUMN part;
DROP INDEX delivery_held;
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (platform, urgent DESC, rank DESC, not_before) WHERE state IN ('planned', 'retry');
ALTER TABLE delivery DROP COLUMN held;
ALTER TABLE run DROP COLUMN held_why;
ALTER TABLE run DROP COLUMN held;
