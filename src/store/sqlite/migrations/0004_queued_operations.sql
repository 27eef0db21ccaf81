CREATE TABLE `queued_operations` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`user` text NOT NULL,
	`operation` text NOT NULL,
	`parameters` text NOT NULL,
	`due_at` integer,
	`answer` text,
	`kept_until` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queued_operations_id` ON `queued_operations` (`id`);--> statement-breakpoint
CREATE INDEX `queued_operations_due` ON `queued_operations` (`due_at`,`sequence`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `queued_operations_kept` ON `queued_operations` (`kept_until`) WHERE kept_until IS NOT NULL;