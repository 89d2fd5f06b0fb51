"""What the head of the department does to control (section IV): inspections, destruction, verification of the journal."""
