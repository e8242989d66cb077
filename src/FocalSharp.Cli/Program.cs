using FocalSharp.Cli;
using FocalSharp.Cli.Terminal;

using CtrlCHandler ctrlC = new();
return await CommandLineApp.RunAsync(args, ConsoleUi.ForProcess(), ctrlC.Token);
