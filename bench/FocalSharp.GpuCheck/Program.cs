// Compares a GPU with the CPU of the same machine: training steps and boxes in libtorch, boxes and times of ONNX Runtime's providers.
// usage: GpuCheck [--device NAME] [--provider NAME]...   without any: the CPU with itself, which checks this program
using System.Globalization;
using FocalSharp;
using FocalSharp.GpuCheck;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Runtime;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
List<string> devices = [];
List<string> providers = [];
for (int i = 0; i + 1 < args.Length; i += 2)
{
    (args[i] == "--device" ? devices : providers).Add(args[i + 1]);
}

if (args.Length % 2 != 0)
{
    Console.Error.WriteLine("usage: GpuCheck [--device NAME] [--provider NAME]...");
    return 2;
}

if (args.Length == 0)
{
    (devices, providers) = (["cpu"], ["cpu"]);
}

DirectoryInfo folder = Directory.CreateTempSubdirectory("focalsharp-gpu-");
Report report = new();
try
{
    Scenes scenes = new();
    Console.WriteLine("Training on the CPU, as the reference ...");
    (GflDetector network, double[] losses) = TrainingCheck.Train("cpu", scenes, TrainingCheck.LongSteps);
    using (network)
    {
        report.Info("FocalSharp", typeof(Detector).Assembly.GetName().Version!.ToString());
        report.Info("TorchSharp", $"{typeof(torch).Assembly.GetName().Version}, CUDA {(torch.cuda_is_available() ? $"with {torch.cuda.device_count()} devices" : "not available")}");
        report.Info("ONNX Runtime", $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}");
        report.Info("loss on the CPU", $"{losses[0]:0.0000} at the first step, {losses[^1]:0.0000} at step {losses.Length}");
        string weights = Path.Combine(folder.FullName, "check.safetensors");
        DetectorCheckpoint.Save(weights, network);
        using TorchDetector reference = TorchDetector.Load(weights, new DetectorLoadOptions { InputSize = Scenes.Side });
        string onnx = Path.Combine(folder.FullName, "check.onnx");
        OnnxExport.Write(reference, new ExportRequest { Output = onnx, Images = scenes.Images });
        foreach (string device in devices)
        {
            report.Run($"libtorch on {device}: losses of {TrainingCheck.ShortSteps} training steps", () => TrainingCheck.Compare(device, scenes, losses));
            report.Run($"libtorch on {device}: boxes", () =>
            {
                using TorchDetector detector = TorchDetector.Load(weights, new DetectorLoadOptions { InputSize = Scenes.Side, Device = device });
                return BoxCheck.Compare(reference, detector, scenes);
            });
        }

        using Detector cpu = Detector.Load(onnx);
        foreach (string provider in providers)
        {
            report.Run($"ONNX Runtime on {provider}: boxes", () =>
            {
                using Detector detector = Detector.Load(onnx, new RuntimeOptions { ExecutionProvider = provider });
                return BoxCheck.Compare(cpu, detector, scenes);
            });
        }
    }
}
catch (FocalSharpException exception)
{
    report.Fail("preparation", exception.Message);
}
finally
{
    folder.Delete(recursive: true);
}

return report.Finish();
