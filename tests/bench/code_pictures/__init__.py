"""Pictures of codes for the bench of the code reader: papers, what a camera makes of them, and their truth."""
