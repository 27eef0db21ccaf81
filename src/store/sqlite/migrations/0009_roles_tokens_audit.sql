CREATE TABLE `api_requests` (
	`caller` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`at` integer NOT NULL,
	`answer` text,
	PRIMARY KEY(`caller`, `key`)
);
--> statement-breakpoint
CREATE INDEX `api_requests_at` ON `api_requests` (`at`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`name` text PRIMARY KEY NOT NULL,
	`secret_hash` blob NOT NULL,
	`grants` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer,
	`used_at` integer,
	`used_from` text,
	`revoked_at` integer,
	`revoked_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_secret` ON `api_tokens` (`secret_hash`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`kind` text NOT NULL,
	`from` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`detail` text NOT NULL,
	`outcome` text NOT NULL,
	`code` text
);
--> statement-breakpoint
CREATE INDEX `audit_log_by` ON `audit_log` (`by`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`action`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`target`,`sequence`);--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE TABLE `logins` (
	`name_hash` blob PRIMARY KEY NOT NULL,
	`user` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `logins_user` ON `logins` (`user`);--> statement-breakpoint
CREATE INDEX `logins_used` ON `logins` (`used_at`);--> statement-breakpoint
CREATE TABLE `passwords` (
	`user` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`set_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `users` ADD `role` text DEFAULT '' NOT NULL;