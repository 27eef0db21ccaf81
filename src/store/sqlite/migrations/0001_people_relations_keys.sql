CREATE TABLE `first_true` (
	`record_id` text NOT NULL,
	`workflow` text NOT NULL,
	`run` integer NOT NULL,
	PRIMARY KEY(`record_id`, `workflow`),
	FOREIGN KEY (`run`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `group_members` (
	`group` integer NOT NULL,
	`user` integer NOT NULL,
	PRIMARY KEY(`group`, `user`),
	FOREIGN KEY (`group`) REFERENCES `groups`(`number`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user`) REFERENCES `users`(`number`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `group_members_user` ON `group_members` (`user`);--> statement-breakpoint
CREATE TABLE `groups` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name` ON `groups` (`name`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`user` text NOT NULL,
	`text` text NOT NULL,
	`run` integer,
	`task` text,
	`record_id` text,
	`read_at` integer
);
--> statement-breakpoint
CREATE INDEX `notifications_user` ON `notifications` (`user`,`sequence`);--> statement-breakpoint
CREATE TABLE `relations` (
	`source` text NOT NULL,
	`target` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`source`, `target`)
);
--> statement-breakpoint
CREATE INDEX `relations_target` ON `relations` (`target`);--> statement-breakpoint
CREATE TABLE `run_keys` (
	`run` integer NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`run`, `name`),
	FOREIGN KEY (`run`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `run_keys_value` ON `run_keys` (`value`,`name`,`run`);--> statement-breakpoint
ALTER TABLE `users` ADD `first_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `last_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `email` text DEFAULT '' NOT NULL;