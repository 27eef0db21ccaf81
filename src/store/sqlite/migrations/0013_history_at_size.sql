CREATE TABLE `run_counts` (
	`shard` integer PRIMARY KEY NOT NULL,
	`completed` integer NOT NULL,
	`failed` integer NOT NULL,
	`canceled` integer NOT NULL,
	`handled` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `runs_unsuccessful`;--> statement-breakpoint
DROP INDEX `runs_handled`;--> statement-breakpoint
CREATE INDEX `runs_unfinished` ON `runs` (`ended_at`,`id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `runs_outcome` ON `runs` (`status`,`handled`,`id`) WHERE ended_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_workflow` ON `runs` (`workflow`,`status`,`handled`,`id`) WHERE ended_at IS NOT NULL;--> statement-breakpoint
DROP INDEX `inbox_unresolved`;--> statement-breakpoint
CREATE INDEX `inbox_state` ON `inbox` (`state`,`run`);--> statement-breakpoint
CREATE INDEX `inbox_code` ON `inbox` (`code`,`run`);--> statement-breakpoint
CREATE INDEX `inbox_destination` ON `inbox` (`destination`,`run`);--> statement-breakpoint
CREATE INDEX `inbox_workflow` ON `inbox` (`workflow`,`run`);--> statement-breakpoint
CREATE INDEX `inbox_module` ON `inbox` (`module`,`run`) WHERE module IS NOT NULL;--> statement-breakpoint
CREATE INDEX `inbox_owner` ON `inbox` (`owner`,`run`) WHERE owner IS NOT NULL;--> statement-breakpoint
DROP INDEX `run_keys_value`;--> statement-breakpoint
CREATE INDEX `run_keys_value` ON `run_keys` (`value`,`run`,`name`);--> statement-breakpoint
INSERT INTO `run_counts` (`shard`, `completed`, `failed`, `canceled`, `handled`)
SELECT 0, count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'failed'),
	count(*) FILTER (WHERE status = 'canceled'), count(*) FILTER (WHERE handled = 1)
FROM runs WHERE ended_at IS NOT NULL;
