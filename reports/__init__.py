"""What people see of an assessment: workbook, pages and data files."""
