using FocalSharp.Cli;
using FocalSharp.Cli.Terminal;

using Interruption interruption = new();
return await Tool.RunAsync(args, ConsoleUi.ForProcess(), interruption.Token);
