"""Many papers to many boards in one run, that can be interrupted at any moment and continued."""
