using FocalSharp.Cli;
using FocalSharp.Cli.Terminal;

using CtrlCHandler interruption = new();
return await CommandLineApp.RunAsync(args, ConsoleUi.ForProcess(), interruption.Token);
