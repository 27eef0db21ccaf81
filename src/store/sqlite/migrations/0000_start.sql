CREATE TABLE `attempts` (
	`run` integer NOT NULL,
	`step` integer NOT NULL,
	`number` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`request` text,
	`answer` text,
	`failure` text,
	PRIMARY KEY(`run`, `step`, `number`),
	FOREIGN KEY (`run`,`step`) REFERENCES `steps`(`run`,`number`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`action` text NOT NULL,
	`run` integer NOT NULL,
	`reason` text,
	`took_effect` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `blobs` (
	`hash` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `challenges` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user` integer NOT NULL,
	`token` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user`) REFERENCES `users`(`number`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `challenges_user` ON `challenges` (`user`,`issued_at`);--> statement-breakpoint
CREATE INDEX `challenges_issued` ON `challenges` (`issued_at`);--> statement-breakpoint
CREATE TABLE `dedup_keys` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`answer` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`scope`, `key`)
);
--> statement-breakpoint
CREATE INDEX `dedup_keys_expiry` ON `dedup_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `install` (
	`id` integer PRIMARY KEY NOT NULL,
	`install_id` text NOT NULL,
	`numbers_below` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `record_history` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`record_id` text NOT NULL,
	`version` integer NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`run` integer,
	`task` text,
	`changes` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `record_history_record` ON `record_history` (`record_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `revision_documents` (
	`revision` integer NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`file` text NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`revision`, `position`),
	FOREIGN KEY (`revision`) REFERENCES `revisions`(`number`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`text`) REFERENCES `blobs`(`hash`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `revisions` (
	`number` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `run_contexts` (
	`run` integer PRIMARY KEY NOT NULL,
	`context` text NOT NULL,
	FOREIGN KEY (`run`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `run_triggers` (
	`run` integer PRIMARY KEY NOT NULL,
	`trigger` text NOT NULL,
	FOREIGN KEY (`run`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`workflow` text NOT NULL,
	`revision` integer NOT NULL,
	`module` text,
	`record_id` text,
	`lane` text NOT NULL,
	`pass_when_waiting` integer NOT NULL,
	`undecided` integer NOT NULL,
	`root_run` integer,
	`depth` integer NOT NULL,
	`initiator` text NOT NULL,
	`status` text NOT NULL,
	`wait_for` text,
	`wait_reason` text,
	`wait_since` integer,
	`wait_until` integer,
	`wait_key` text,
	`blocked_by` integer,
	`due_at` integer,
	`lease_owner` text,
	`epoch` integer NOT NULL,
	`failure` text,
	`handled` integer NOT NULL,
	`progress` text NOT NULL,
	`accepted_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`cancel_requested` text,
	`cancel_told` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `runs_due` ON `runs` (`due_at`,`id`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_lane` ON `runs` (`lane`,`id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `runs_blocked` ON `runs` (`blocked_by`) WHERE blocked_by IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_limit` ON `runs` (`wait_key`,`wait_since`,`id`) WHERE wait_for = 'limit';--> statement-breakpoint
CREATE INDEX `runs_waiting` ON `runs` (`id`) WHERE wait_for IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_status` ON `runs` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `runs_record` ON `runs` (`record_id`,`id`) WHERE record_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `runs_fired` ON `runs` (`root_run`,`record_id`,`workflow`) WHERE root_run IS NOT NULL;--> statement-breakpoint
CREATE TABLE `secrets` (
	`name` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`set_at` integer NOT NULL,
	`set_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`name_hash` blob PRIMARY KEY NOT NULL,
	`user` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	FOREIGN KEY (`user`) REFERENCES `users`(`number`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_used` ON `sessions` (`used_at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `steps` (
	`run` integer NOT NULL,
	`number` integer NOT NULL,
	`task` text NOT NULL,
	`purpose` text NOT NULL,
	`round` integer NOT NULL,
	`status` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`frozen` text,
	`effects` text,
	`warnings` text,
	`failure` text,
	PRIMARY KEY(`run`, `number`),
	FOREIGN KEY (`run`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `users` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`admin` integer NOT NULL,
	`active` integer NOT NULL,
	`access_key` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name` ON `users` (`name`);