ALTER TABLE `install` ADD `sealing_key` text;--> statement-breakpoint
ALTER TABLE `install` ADD `rotating_since` integer;--> statement-breakpoint
ALTER TABLE `install` ADD `rotation_holder` text;--> statement-breakpoint
ALTER TABLE `install` ADD `rotation_until` integer;--> statement-breakpoint
ALTER TABLE `revision_documents` ADD `since` integer;