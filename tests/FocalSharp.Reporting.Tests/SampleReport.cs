using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Reporting.Tests;

/// <summary>A synthetic report with every section.</summary>
internal static class SampleReport
{
    private static readonly string[] Classes = ["car", "house", "tree", "fish", "cup", "key"];

    public static DetectionReport Create()
    {
        (DetectionDataset dataset, Detection[][] detections) = Scenes();
        DetectionReport evaluated = DetectionReport.Create("demo", dataset, detections, CocoEvaluator.Evaluate(dataset, detections));
        ReportPicture[] pictures = Pictures();
        return evaluated with
        {
            Subtitle = "gfl-lite on drawn scenes, 320 px, 24 epochs, 22 November 2026",
            EvaluatedOn = "60 validation scenes",
            Facts = [new("training time", "4 min 12 s"), new("images per second", "31.4"), new("parameters", "1.9 M")],
            Log = Log(),
            Pictures = pictures,
            WorstImages = [pictures[0] with { Caption = "3.png: 2 of 4 objects found; 2 missed" }],
            LabelIssueCrops = [.. evaluated.Analysis!.Issues.Select((_, i) => i == 0 ? null : pictures[0].Prediction)],
            TrainingObjectCounts = Classes.Select((name, i) => (name, 100 * (i + 1))).ToDictionary(),
            Phases = new PhaseTimings { Seconds = [.. PhaseTimings.Phases.Select((_, i) => i + 1.0)] },
            Tuning = new TuningTable("Tuning (41 s): input 640 px: AP 0.412 (+0.030 ± 0.010)", 40,
            [
                new("recipe", 0.382, 0.61, null, null, IsChosen: true),
                new("learning rate × 0.05", 0.35, 0.59, -0.032, 0.011, IsChosen: false),
                new("input 640 px", 0.412, 0.66, 0.030, 0.010, IsChosen: true),
            ]),
            Settings = [new("optimizer.learningRate", "0.02"), new("model.head.regMax", "16"), new("seed", "1")],
            Command = "focalsharp train demo --seed 1",
            NextCommand = "focalsharp predict runs/demo photo.jpg",
            Version = "0.1.0",
        };
    }

    private static MetricsTable Log()
    {
        Random random = new(3);
        List<double[]> rows = [];
        const int Steps = 900;
        for (int step = 1; step <= Steps; step++)
        {
            double done = step / (double)Steps;
            double[] row = [.. Enumerable.Repeat(double.NaN, MetricsColumns.All.Count)];
            double Noise() => 0.85 + (0.3 * random.NextDouble());
            Set(MetricsColumns.Epoch, done * 24);
            Set(MetricsColumns.Step, step);
            Set(MetricsColumns.QualityLoss, (0.25 + (1.1 * Math.Exp(-6 * done))) * Noise());
            Set(MetricsColumns.BoxLoss, (0.35 + (1.4 * Math.Exp(-4 * done))) * Noise());
            Set(MetricsColumns.DistributionLoss, (0.22 + (0.5 * Math.Exp(-3 * done))) * Noise());
            Set(MetricsColumns.Positives, 90 * Noise());
            Set(MetricsColumns.LearningRate, 0.02 * Math.Min(1, done * 20) * (1 + Math.Cos(Math.PI * done)) / 2);
            Set(MetricsColumns.GradientNorm, 4 * Noise() * Math.Exp(-done));
            Set(MetricsColumns.ImagesPerSecond, 31 * Noise());
            if (step % 75 == 0)
            {
                Set(MetricsColumns.AP, 0.67 * (1 - Math.Exp(-3 * done)));
                Set(MetricsColumns.AP50, 0.93 * (1 - Math.Exp(-4 * done)));
                Set(MetricsColumns.AP75, 0.74 * (1 - Math.Exp(-3 * done)));
                Set(MetricsColumns.ValidationQualityLoss, 0.3 + (1.1 * Math.Exp(-6 * done)));
                Set(MetricsColumns.ValidationBoxLoss, 0.4 + (1.4 * Math.Exp(-4 * done)));
                Set(MetricsColumns.ValidationDistributionLoss, 0.25 + (0.5 * Math.Exp(-3 * done)));
            }

            rows.Add(row);

            void Set(string column, double value) => row[MetricsColumns.All.ToList().IndexOf(column)] = value;
        }

        return new MetricsTable(MetricsColumns.All, rows);
    }

    private static (DetectionDataset Dataset, Detection[][] Detections) Scenes()
    {
        Random random = new(5);
        List<DatasetImage> images = [];
        List<Detection[]> detections = [];
        long id = 0;
        for (int i = 1; i <= 60; i++)
        {
            List<ObjectAnnotation> objects = [];
            List<Detection> found = [];
            for (int k = 0; k < 4; k++)
            {
                Box box = Box.FromXywh(random.Next(150), random.Next(150), 30 + random.Next(120), 30 + random.Next(120));
                SideValues blur = new(Spread(), Spread(), Spread(), Spread());
                int label = random.Next(Classes.Length);
                objects.Add(new ObjectAnnotation { Id = ++id, Label = label, Box = box, Area = box.Area, SideBlur = blur });
                Box predicted = new(box.X1 + Error(blur.Left), box.Y1 + Error(blur.Top), box.X2 + Error(blur.Right), box.Y2 + Error(blur.Bottom));
                SideValues deviation = new(Sigma(blur.Left), Sigma(blur.Top), Sigma(blur.Right), Sigma(blur.Bottom));
                found.Add(new Detection(predicted, random.Next(9) == 0 ? (label + 1) % Classes.Length : label, 0.3f + (0.7f * random.NextSingle()), deviation));
            }

            found.Add(new Detection(Box.FromXywh(random.Next(200), random.Next(200), 60, 60), random.Next(Classes.Length), 0.4f * random.NextSingle(), default));
            images.Add(new DatasetImage { Id = i, FileName = $"{i}.png", Path = $"{i}.png", Width = 320, Height = 320, Objects = objects });
            detections.Add([.. found]);
        }

        return (new DetectionDataset { Name = "demo", Classes = Classes, CategoryIds = [1, 2, 3, 4, 5, 6], Images = images }, [.. detections]);

        float Spread() => (float)Math.Pow(random.NextDouble(), 2) * 12;
        float Error(float blur) => (float)(random.NextDouble() - 0.5) * (2 + blur);
        float Sigma(float blur) => (float)((1 + (0.5 * blur)) * (0.6 + (0.8 * random.NextDouble())));
    }

    // Real photos if they are available; else files that only start like images.
    private static ReportPicture[] Pictures()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "..", "shared", "data", "bccd", "JPEGImages");
        byte[][] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(4).Select(File.ReadAllBytes)]
            : [[0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF], [0x89, (byte)'P', (byte)'N', (byte)'G']];
        return [new("scene 12: 4 annotated, 4 found", files[0], files[1]), new("scene 31: 3 annotated, 4 found", files[2], files[3])];
    }
}
