CREATE TABLE `destinations` (
	`key` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`state` text NOT NULL,
	`changed_at` integer NOT NULL
);