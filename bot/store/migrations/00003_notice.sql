-- +goose Up
ALTER TABLE subscription ADD COLUMN notice text NOT NULL DEFAULT ''; -- what its readers are still to be told: thread stopped
CREATE INDEX subscription_notice ON subscription (notice) WHERE notice <> '';

-- +goose Down
DROP INDEX subscription_notice;
ALTER TABLE subscription DROP COLUMN notice;
