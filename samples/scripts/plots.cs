#!/usr/bin/env -S dotnet run
#:package FocalSharp.Reporting@0.2.*

// Writes plots of the losses, and of a run if its folder is given: dotnet run plots.cs -- [RUN]
using FocalSharp.Reporting;

List<Plot> plots = [Plot.QualityFocalLoss(), Plot.DistributionFocalLoss(0, 1, 4, 3, 0, 0, 0, 0)];
if (args.Length > 0)
{
    plots.Add(Plot.TrainingCurves(args[0]));
}

File.WriteAllText("plots.html", $"<!doctype html><meta charset=\"utf-8\"><title>Plots</title>{string.Concat(plots.Select(plot => plot.ToHtml()))}");
Console.WriteLine($"{plots.Count} plots: plots.html");
