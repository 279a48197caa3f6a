@echo off
rem Installs watwerkt from this folder, without internet.     install.cmd [where, %USERPROFILE%\watwerkt if left out]
rem Installeert watwerkt uit deze map, zonder internet.       install.cmd [waar, %USERPROFILE%\watwerkt als u niets zegt]
rem set PYTHON=C:\path\to\python.exe names another Python / noemt een andere Python.
setlocal
set "here=%~dp0"
set "place=%~1"
if "%place%"=="" set "place=%USERPROFILE%\watwerkt"
if "%PYTHON%"=="" set "PYTHON=python"

"%PYTHON%" "%here%check.py" || exit /b 1
"%PYTHON%" -m venv "%place%" || exit /b 1
"%place%\Scripts\python.exe" -m pip install --isolated --disable-pip-version-check --no-cache-dir --no-index --find-links "%here%wheels" --require-hashes --requirement "%here%requirements.txt" || exit /b 1
"%place%\Scripts\python.exe" -m pip check || exit /b 1
"%place%\Scripts\watwerkt.exe" --version || exit /b 1
echo %place%\Scripts\watwerkt.exe
