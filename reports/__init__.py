"""What people see of an assessment: workbook, pages and data files.

`reports.writing` is the door through which a run is written, `reports.run` the one through which it is read.
"""
