CREATE TABLE `sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`credential` text NOT NULL,
	`subject` text NOT NULL,
	`by` text NOT NULL,
	`sealed` text NOT NULL,
	`started_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`state` text NOT NULL,
	`taken_until` integer,
	`problem` text
);
--> statement-breakpoint
CREATE INDEX `sign_ins_expiry` ON `sign_ins` (`expires_at`);--> statement-breakpoint
CREATE INDEX `sign_ins_person` ON `sign_ins` (`credential`,`subject`,`started_at`);--> statement-breakpoint
ALTER TABLE `credential_tokens` ADD `connected_at` integer;