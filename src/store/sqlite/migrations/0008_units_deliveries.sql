CREATE TABLE `deliveries` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`way` text NOT NULL,
	`receiver` text NOT NULL,
	`cause` text NOT NULL,
	`run` integer NOT NULL,
	`task` text NOT NULL,
	`content` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`ended_at` integer,
	`problem` text,
	`held` integer NOT NULL,
	`batch` integer
);
--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`due_at`,`sequence`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_cause` ON `deliveries` (`cause`,`receiver`,`way`,`ended_at`) WHERE batch = sequence;--> statement-breakpoint
CREATE INDEX `deliveries_waiting` ON `deliveries` (`cause`,`receiver`,`way`) WHERE batch IS NULL;--> statement-breakpoint
CREATE INDEX `deliveries_batch` ON `deliveries` (`batch`,`sequence`) WHERE batch IS NOT NULL;--> statement-breakpoint
CREATE INDEX `deliveries_run` ON `deliveries` (`run`,`sequence`);--> statement-breakpoint
CREATE INDEX `deliveries_ended` ON `deliveries` (`ended_at`) WHERE ended_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `unit_members` (
	`unit` integer NOT NULL,
	`user` integer NOT NULL,
	PRIMARY KEY(`unit`, `user`),
	FOREIGN KEY (`unit`) REFERENCES `units`(`number`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user`) REFERENCES `users`(`number`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `unit_members_user` ON `unit_members` (`user`);--> statement-breakpoint
CREATE TABLE `units` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`parent` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `units_name` ON `units` (`name`);--> statement-breakpoint
CREATE INDEX `units_parent` ON `units` (`parent`);--> statement-breakpoint
CREATE INDEX `runs_handled` ON `runs` (`id`) WHERE handled = 1;