-- What was being put together before is spelled in an older way; whoever was at it begins again.

DELETE FROM wizards;
