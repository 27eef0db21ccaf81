CREATE TABLE `messages` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`text` text NOT NULL,
	`expires_at` integer NOT NULL,
	`sent_as` text NOT NULL,
	`taken_as` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_sent_as` ON `messages` (`sent_as`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_taken_as` ON `messages` (`taken_as`);--> statement-breakpoint
CREATE INDEX `messages_channel` ON `messages` (`channel`,`taken_as`,`sequence`);--> statement-breakpoint
CREATE INDEX `messages_expiry` ON `messages` (`expires_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `preferences` text DEFAULT '{}' NOT NULL;