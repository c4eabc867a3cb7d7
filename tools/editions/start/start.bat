@echo off
rem Start the course on Windows by a double click.
setlocal
cd /d "%~dp0"
if not exist start\start.py (
    echo Unpack the whole zip first, then start the course from the folder.
    goto failed
)
for %%v in (3.12 3.13 3.11) do (
    py -%%v -c "" >nul 2>nul && (
        py -%%v start\start.py %*
        goto finished
    )
)
python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && (
    python start\start.py %*
    goto finished
)
echo The course needs Python 3.11, 3.12 or 3.13: https://www.python.org/downloads/
goto failed
:finished
if not errorlevel 1 exit /b 0
:failed
pause
exit /b 1
