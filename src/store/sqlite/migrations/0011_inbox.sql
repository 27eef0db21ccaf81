CREATE TABLE `inbox` (
	`run` integer PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`kind` text NOT NULL,
	`code` text NOT NULL,
	`destination` text NOT NULL,
	`workflow` text NOT NULL,
	`module` text,
	`record_id` text,
	`task` text,
	`message` text NOT NULL,
	`in_doubt` integer NOT NULL,
	`since` integer NOT NULL,
	`times` integer NOT NULL,
	`owner` text,
	`note` text,
	`changed_at` integer,
	`changed_by` text,
	`resolution` text
);
--> statement-breakpoint
CREATE INDEX `inbox_unresolved` ON `inbox` (`run`) WHERE state IN ('open', 'acknowledged');--> statement-breakpoint
CREATE INDEX `inbox_cause` ON `inbox` (`code`,`destination`,`workflow`,`run`,`since`) WHERE state IN ('open', 'acknowledged');--> statement-breakpoint
CREATE INDEX `inbox_record` ON `inbox` (`record_id`,`run`) WHERE record_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `inbox_job_items` (
	`job` integer NOT NULL,
	`run` integer NOT NULL,
	`state` text NOT NULL,
	`code` text,
	`message` text,
	`at` integer,
	PRIMARY KEY(`job`, `run`),
	FOREIGN KEY (`job`) REFERENCES `inbox_jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `inbox_job_items_state` ON `inbox_job_items` (`job`,`state`,`run`);--> statement-breakpoint
CREATE TABLE `inbox_jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`origin` text NOT NULL,
	`reason` text,
	`command` text NOT NULL,
	`per_second` integer NOT NULL,
	`state` text NOT NULL,
	`next_due` integer NOT NULL,
	`lease_owner` text,
	`lease_until` integer,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `inbox_jobs_unfinished` ON `inbox_jobs` (`id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE TABLE `restarts` (
	`run` integer PRIMARY KEY NOT NULL,
	`origin` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `restarts_origin` ON `restarts` (`origin`);--> statement-breakpoint
ALTER TABLE `audit` ADD `origin` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `before` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `after` text;--> statement-breakpoint
CREATE INDEX `audit_run` ON `audit` (`run`,`sequence`);--> statement-breakpoint
INSERT INTO inbox (run, state, kind, code, destination, workflow, module, record_id, task, message, in_doubt, since, times)
SELECT id, 'open', 'waiting',
  coalesce((SELECT iif(json_valid(failure), json_extract(failure, '$.code'), NULL) FROM steps
    WHERE run = runs.id AND failure IS NOT NULL ORDER BY number DESC LIMIT 1), 'RUN_NEEDS_PERSON'),
  '', workflow, module, record_id, iif(json_valid(progress), json_extract(progress, '$.cursor'), NULL),
  coalesce(wait_reason, ''), coalesce(wait_reason, '') LIKE '%it is unknown whether the other side acted%',
  coalesce(wait_since, accepted_at), 1
FROM runs WHERE wait_for = 'person' AND ended_at IS NULL AND due_at IS NULL;
--> statement-breakpoint
INSERT INTO inbox (run, state, kind, code, destination, workflow, module, record_id, task, message, in_doubt, since, times)
SELECT id, 'open', 'failed', coalesce(iif(json_valid(failure), json_extract(failure, '$.code'), NULL), 'RUN_NEEDS_PERSON'),
  '', workflow, module, record_id, iif(json_valid(failure), json_extract(failure, '$.task'), NULL),
  coalesce(iif(json_valid(failure), json_extract(failure, '$.message'), NULL), ''), 0, ended_at, 1
FROM runs INDEXED BY runs_unsuccessful WHERE status IN ('failed', 'canceled') AND status = 'failed' AND handled = 0;
