CREATE TABLE `removed_jobs` (
	`job` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `removed_runs` (
	`run` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `retention` (
	`id` integer PRIMARY KEY NOT NULL,
	`holder` text,
	`held_until` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`left_over` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `retention_totals` (
	`kind` text PRIMARY KEY NOT NULL,
	`removed` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `run_texts` (
	`run` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`run`, `hash`)
);
--> statement-breakpoint
CREATE INDEX `run_texts_hash` ON `run_texts` (`hash`);--> statement-breakpoint
CREATE TABLE `__new_first_true` (
	`record_id` text NOT NULL,
	`workflow` text NOT NULL,
	`run` integer NOT NULL,
	PRIMARY KEY(`record_id`, `workflow`)
);
--> statement-breakpoint
INSERT INTO `__new_first_true`("record_id", "workflow", "run") SELECT "record_id", "workflow", "run" FROM `first_true`;--> statement-breakpoint
DROP TABLE `first_true`;--> statement-breakpoint
ALTER TABLE `__new_first_true` RENAME TO `first_true`;--> statement-breakpoint
CREATE INDEX `revision_documents_text` ON `revision_documents` (`text`);--> statement-breakpoint
CREATE INDEX `notifications_run` ON `notifications` (`run`) WHERE run IS NOT NULL;--> statement-breakpoint
INSERT INTO `run_texts` (`run`, `hash`)
WITH RECURSIVE `named` (`run`, `hash`, `rest`) AS (
	SELECT run, '', context FROM run_contexts WHERE instr(context, '\u0000b') > 0
	UNION ALL
	SELECT run, substr(rest, instr(rest, '\u0000b') + 7, 64), substr(rest, instr(rest, '\u0000b') + 7)
	FROM named WHERE instr(rest, '\u0000b') > 0
)
SELECT DISTINCT run, hash FROM named WHERE hash IN (SELECT hash FROM blobs);
