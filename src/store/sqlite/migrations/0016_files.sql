CREATE TABLE `file_chunks` (
	`file` text NOT NULL,
	`number` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`file`, `number`)
);
--> statement-breakpoint
CREATE TABLE `file_uses` (
	`file` text NOT NULL,
	`holder` text NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`file`, `holder`)
);
--> statement-breakpoint
CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`size` integer,
	`sha256` text,
	`run` integer,
	`unused_since` integer,
	`is_removed` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_unused` ON `files` (`unused_since`) WHERE unused_since IS NOT NULL;--> statement-breakpoint
CREATE INDEX `files_removed` ON `files` (`id`) WHERE is_removed = 1;